//! Satisfaction: one answer a link, nothing of who gave it, one answer for every link that opens nothing.

use base::{Date, Scope};
use desk::{
    AnswerTaken, AuditQuery, Campaign, Desk, DeskError, NewCampaign, NewLinks, Permission, PlanRefusal, TokenState, Unit,
    UnitKind,
};

use crate::support::{HA_DONG, Place, city_officer, code, commune_staff};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn today() -> Date {
    day("2026-10-31")
}

async fn campaign(desk: &Desk, name: &str) -> Campaign {
    let unit = Unit { id: "bhxh-cs-1".into(), name: "BHXH cơ sở 1".into(), kind: UnitKind::BaseOffice, parent: None };
    desk.put_unit(&Scope::system(), &unit).await.unwrap();
    let new = NewCampaign {
        name: name.into(),
        service: "benefits".into(),
        survey: "service-2026".into(),
        survey_hash: "9f3a".into(),
        unit: "bhxh-cs-1".into(),
        commune: Some(code(HA_DONG)),
        first_day: day("2026-10-01"),
        last_day: day("2026-11-30"),
        questions: 4,
        satisfied_from: 400,
        client_tx: format!("campaign-{name}"),
    };
    desk.add_campaign(&city_officer(), &new).await.unwrap()
}

async fn links(desk: &Desk, campaign: &Campaign, links: i64, form: &str) -> Vec<String> {
    let new = NewLinks { campaign: campaign.id.clone(), links, client_tx: form.into() };
    desk.issue_links(&city_officer(), &new, today()).await.unwrap().tokens
}

/// A row in every table of surveys.
pub async fn fill(desk: &Desk) {
    let made = campaign(desk, "fill").await;
    let tokens = links(desk, &made, 2, "links-fill-1").await;
    desk.answer_survey(&tokens[0], &[5, 4, 5, 4], today()).await.unwrap();
}

#[tokio::test]
async fn a_link_takes_one_answer_and_every_other_link_is_nothing() {
    for place in Place::all().await {
        let desk = place.open().await;
        let made = campaign(&desk, "a").await;
        let tokens = links(&desk, &made, 3, "links-0001").await;
        assert!(matches!(desk.survey_of_token(&tokens[0], today()).await, Ok(TokenState::Open(open)) if *open == made));
        let typed = format!(" {} {}", tokens[0][..9].to_lowercase(), &tokens[0][9..]);
        assert!(matches!(desk.survey_of_token(&typed, today()).await, Ok(TokenState::Open(_))), "as it may be typed");
        for wrong in [&[5, 4, 5][..], &[5, 4, 5, 6], &[0, 1, 1, 1], &[]] {
            let answer = desk.answer_survey(&tokens[0], wrong, today()).await;
            assert!(matches!(answer, Err(DeskError::Invalid { field: "steps", .. })), "{wrong:?}: {answer:?}");
        }
        assert_eq!(desk.answer_survey(&tokens[0], &[5, 4, 5, 4], today()).await, Ok(AnswerTaken::Kept));
        let nothing = async |token: &str, on: Date| {
            assert_eq!(desk.answer_survey(token, &[1, 1, 1, 1], on).await, Ok(AnswerTaken::Nothing), "{token}");
            assert_eq!(desk.survey_of_token(token, on).await, Ok(TokenState::Nothing), "{token}");
        };
        nothing(&tokens[0], today()).await;
        nothing("", today()).await;
        nothing("ABCDEFGHJKMNPQRSTVWXYZ23456", today()).await;
        nothing(&tokens[1], day("2026-09-30")).await;
        nothing(&tokens[1], day("2026-12-01")).await;
        desk.close_campaign(&city_officer(), &made.id, today()).await.unwrap();
        nothing(&tokens[1], today()).await;
        let tally = desk.campaign(&city_officer(), &made.id).await.unwrap();
        assert_eq!((tally.issued, tally.answers, tally.satisfied), (3, 1, 1));
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn two_answers_by_one_link_at_one_moment_are_one() {
    for place in Place::all().await {
        let desk = place.open().await;
        let made = campaign(&desk, "a").await;
        let token = links(&desk, &made, 1, "links-0001").await.remove(0);
        let many = (0..8).map(|_| desk.answer_survey(&token, &[5, 5, 5, 5], today()));
        let kept = futures::future::join_all(many).await.into_iter().filter(|answer| *answer == Ok(AnswerTaken::Kept)).count();
        assert_eq!((kept, place.number("SELECT count(*) FROM survey_answer").await), (1, 1));
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn the_store_holds_no_token_and_nothing_that_ties_an_answer_to_a_link() {
    for place in Place::all().await {
        let desk = place.open().await;
        let made = campaign(&desk, "a").await;
        let tokens = links(&desk, &made, 5, "links-0001").await;
        desk.answer_survey(&tokens[3], &[1, 2, 1, 2], today()).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("all.jsonl");
        desk.backup(&file).await.unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        for token in &tokens {
            assert!(!text.contains(token.as_str()), "a token lies in the store");
        }
        let answer = text.lines().find(|line| line.contains("1,2,1,2")).unwrap();
        assert!(answer.contains(&made.id) && answer.contains("2026-10-31"), "campaign and day: {answer}");
        assert_eq!(answer.matches('"').count(), 8, "and an id and the steps, nothing else: {answer}");
        let events = desk.audit_search(&city_officer(), &AuditQuery::default()).await.unwrap();
        let told = events.iter().find(|event| event.action == "answer_survey").unwrap();
        assert_eq!((told.actor.as_str(), told.object_id.as_deref()), ("system", Some(made.id.as_str())));
        for sql in [
            "UPDATE survey_answer SET steps = '5'",
            "DELETE FROM survey_answer",
            "UPDATE survey_token SET used = 0 WHERE used = 1",
        ] {
            assert!(place.raw(sql).await.is_err(), "{sql}");
        }
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn links_are_made_by_who_follows_the_plan_and_shown_once() {
    for place in Place::all().await {
        let desk = place.open().await;
        let made = campaign(&desk, "a").await;
        let new = NewLinks { campaign: made.id.clone(), links: 2, client_tx: "links-0001".into() };
        let staff = desk.issue_links(&commune_staff(HA_DONG), &new, today()).await;
        assert_eq!(staff.map(drop), Err(DeskError::Forbidden { permission: Permission::ConfirmTasks }));
        let first = desk.issue_links(&city_officer(), &new, today()).await.unwrap();
        assert_eq!(first.tokens.len(), 2);
        let again = desk.issue_links(&city_officer(), &new, today()).await;
        assert_eq!(again.map(drop), Err(DeskError::PlanRefused { why: PlanRefusal::Taken }), "not shown a second time");
        let late = NewLinks { client_tx: "links-0002".into(), ..new };
        let late = desk.issue_links(&city_officer(), &late, day("2026-12-01")).await;
        assert_eq!(late.map(drop), Err(DeskError::PlanRefused { why: PlanRefusal::Closed }));
        assert_eq!(place.number("SELECT count(*) FROM survey_token").await, 2);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn i6_is_satisfied_answers_of_answers_by_unit_and_time() {
    for place in Place::all().await {
        let desk = place.open().await;
        let made = campaign(&desk, "a").await;
        let tokens = links(&desk, &made, 6, "links-0001").await;
        let given = [[5, 5, 5, 5], [4, 4, 4, 4], [5, 5, 3, 2], [1, 1, 1, 1], [5, 3, 4, 4]];
        for (token, steps) in tokens.iter().zip(given) {
            desk.answer_survey(token, &steps, today()).await.unwrap();
        }
        desk.answer_survey(&tokens[5], &[5, 5, 5, 5], day("2026-11-01")).await.unwrap();
        let count = async |from: &str, to: &str| {
            let all = desk.satisfaction(&commune_staff(HA_DONG), day(from), day(to)).await.unwrap();
            all.iter().map(|one| (one.satisfied, one.answers)).collect::<Vec<_>>()
        };
        assert_eq!(count("2026-10-01", "2026-10-31").await, [(3, 5)]);
        assert_eq!(count("2026-11-01", "2026-11-30").await, [(1, 1)]);
        assert_eq!(count("2026-10-01", "2026-11-30").await, [(4, 6)]);
        assert_eq!(count("2026-12-01", "2026-12-31").await, []);
        let tally = desk.campaign(&city_officer(), &made.id).await.unwrap();
        assert_eq!((tally.answers, tally.satisfied, tally.steps[0]), (6, 4, [1, 0, 0, 1, 4]));
        assert_eq!(tally.hours.iter().map(|hour| hour.answers).sum::<i64>(), 6);
        place.remove(desk).await;
    }
}
