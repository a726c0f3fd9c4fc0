//! Terms of the claims audit over the wire: what is written down of an active audit, and what is overdue.

use crate::accounts::value_of;
use crate::claims::audited;
use crate::claims_pages::{open_case, tab};
use crate::server::{Portal, first_number, sentence, words};

const CITY: &str = "vai-tro=u-city";

#[test]
fn minutes_that_are_not_signed_are_overdue_with_their_row_until_they_are() {
    let portal = Portal::open_copy(audited());
    let visit = open_case(&portal);
    let sheet = format!("/giam-dinh/ho-so/{visit}");
    let step = |kind: &str, day: &str| {
        let page = portal.get_as(&sheet, CITY).page();
        let form = page.split("id=\"giam-dinh-chu-dong\"").nth(1).expect("a form of the steps");
        let action = form.split("action=\"").nth(1).unwrap().split('"').next().unwrap();
        let (number, version) = (value_of(form, "so").unwrap(), value_of(form, "phien-ban").unwrap());
        let body = format!("viec=buoc&so={number}&phien-ban={version}&ho-so={visit}&buoc={kind}&ngay-buoc={day}");
        portal.post(action, &[("Cookie", CITY)], &body).status
    };
    let overdue = || {
        let (tab, rows) = (tab(&portal.get_as("/giam-dinh", CITY).page(), "Quá hạn"), "/giam-dinh?muc=qua-han");
        assert_eq!(first_number(&sentence(&portal.get_as(rows, CITY).page())), Some(tab), "the tab counts its rows");
        tab
    };
    assert_eq!(overdue(), 0);
    assert_eq!(step("files_handed", "2026-03-02"), 400, "nobody gave notice");
    assert_eq!(step("minutes_made", "2999-01-01"), 400, "a day to come");
    assert_eq!(step("minutes_made", "2026-03-02"), 303);
    assert_eq!(overdue(), 1, "two working days after Monday 2 March 2026 are over");
    let page = portal.get_as(&sheet, CITY).page();
    assert!(page.contains("/luat/bhyt.review.minutes_working_days"), "the law that says so");
    let said = words(&page);
    assert!(said.contains("Lập biên bản 03/BH ngày 02/03/2026") && said.contains("04/03/2026"), "{said}");
    assert_eq!(step("minutes_signed", "2026-03-03"), 303);
    assert_eq!(overdue(), 0);
    let said = words(&portal.get_as(&sheet, CITY).page());
    assert!(said.contains("Đã xong ngày 03/03/2026"), "{said}");
}
