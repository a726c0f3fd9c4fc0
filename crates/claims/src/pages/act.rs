//! `POST /giam-dinh/vu-viec/{review}/doi`: one change of a case.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use base::Dong;
use chapter::{PageError, Returned, TypedForm, Viewer, sent_back, typed_day};
use desk::{DecidedLine, LineDecision, ProposedLine, ReviewLine, ReviewNotice, ReviewRecord, SettledLine};
use web::Locale;

use super::terms::answer_due;
use super::words::typed_dong;
use super::{Audit, and, fields, go, refused, sheet, sheet_of_case, step_form, text_of};

/// What a form of a case sent.
struct Sent<'a> {
    l: Locale<'a>,
    fields: BTreeMap<String, String>,
}

/// Why a form was not taken.
#[derive(Debug)]
pub(super) enum Wrong {
    /// A field, and words that say what is right.
    Field(String, String),
    /// The whole of it: the desk refused, or nothing was chosen.
    Said(String),
    /// It is no form of a case, is not open to who sent it, or something failed inside.
    Page(PageError),
}

impl Wrong {
    /// The form with what is wrong; an error where there is none to go back.
    pub(super) fn put(self, returned: Returned) -> Result<Returned, PageError> {
        match self {
            Self::Field(field, words) => Ok(returned.fault(field, words)),
            Self::Said(words) => Ok(returned.say(words)),
            Self::Page(error) => Err(error),
        }
    }
}

impl From<PageError> for Wrong {
    fn from(error: PageError) -> Self {
        match error {
            PageError::BadRequest(words) => Self::Said(words),
            other => Self::Page(other),
        }
    }
}

/// Table and number of a line of the claim; neither for the visit as a whole.
type LinePlace<'l> = (&'l Option<String>, Option<i64>);

impl Sent<'_> {
    fn text(&self, name: &str) -> String {
        text_of(&self.fields, name)
    }

    fn wrong(&self, field: &str, words: String) -> Wrong {
        Wrong::Field(field.to_owned(), words)
    }

    /// A reason: more than a letter or two.
    fn reason(&self, name: &str) -> Result<String, Wrong> {
        let text = self.text(name);
        if text.chars().count() < 3 { Err(self.wrong(name, self.l.t("claims-wrong-reason"))) } else { Ok(text) }
    }

    /// Đồng; what is left empty is nothing.
    fn dong(&self, name: &str) -> Result<Dong, Wrong> {
        match self.text(name).as_str() {
            "" => Ok(Dong::ZERO),
            text => typed_dong(text).ok_or_else(|| self.wrong(name, self.l.t("claims-wrong-amount"))),
        }
    }

    /// The lines for which more than nothing is proposed.
    fn proposed(&self, lines: &[ReviewLine]) -> Result<Vec<ProposedLine>, Wrong> {
        let mut all = Vec::new();
        let mut of_line: BTreeMap<LinePlace<'_>, (Dong, Dong)> = BTreeMap::new();
        for line in lines {
            let amount = format!("so-tien-{}", line.id);
            let proposed = self.dong(&amount)?;
            if proposed == Dong::ZERO {
                continue;
            }
            let sums = of_line.entry((&line.line_table, line.line_no)).or_default();
            sums.0 = sums.0.checked_add(proposed).map_err(|_| self.wrong(&amount, self.l.t("claims-wrong-amount")))?;
            sums.1 = sums.1.max(line.asked);
            if sums.0 > sums.1 {
                return Err(self.wrong(&amount, self.l.t("claims-wrong-line-twice")));
            }
            all.push(ProposedLine {
                line: line.id.clone(),
                proposed,
                reason: self.reason(&format!("ly-do-{}", line.id))?,
                law: self.reason(&format!("can-cu-{}", line.id))?,
            });
        }
        if all.is_empty() { Err(Wrong::Said(self.l.t("claims-why-nothing-proposed"))) } else { Ok(all) }
    }

    /// What is decided about each line that was proposed.
    fn decided(&self, lines: &[ReviewLine]) -> Result<Vec<DecidedLine>, Wrong> {
        let proposed = lines.iter().filter(|line| line.proposed > Dong::ZERO);
        proposed
            .map(|line| {
                let outcome = format!("ket-luan-{}", line.id);
                let decision = LineDecision::from_word(&self.text(&outcome))
                    .ok_or_else(|| self.wrong(&outcome, self.l.t("claims-wrong-decision")))?;
                let refused = match decision {
                    LineDecision::Accepted => Dong::ZERO,
                    LineDecision::Refused => line.proposed,
                    LineDecision::Adjusted => self.dong(&format!("so-tien-{}", line.id))?,
                };
                let reason = format!("ly-do-{}", line.id);
                // What is refused as it was proposed has its reason already.
                let reason = if decision == LineDecision::Refused { self.text(&reason) } else { self.reason(&reason)? };
                Ok(DecidedLine { line: line.id.clone(), decision, refused, reason })
            })
            .collect()
    }

    /// What of each appealed line is given back.
    fn settled(&self, lines: &[ReviewLine]) -> Result<Vec<SettledLine>, Wrong> {
        let appealed = lines.iter().filter(|line| line.appealed);
        appealed
            .map(|line| {
                let overturned = self.dong(&format!("tra-lai-{}", line.id))?;
                Ok(SettledLine { line: line.id.clone(), overturned, reason: self.reason(&format!("ly-do-{}", line.id))? })
            })
            .collect()
    }

    /// How the facility is told: exactly one of the two.
    fn notice(&self) -> Result<ReviewNotice, Wrong> {
        match (self.text("van-ban"), self.text("kenh")) {
            (document, channel) if !document.is_empty() && channel.is_empty() => {
                Ok(ReviewNotice::Document(document_id(&document)))
            }
            (document, channel) if document.is_empty() && channel.chars().count() >= 3 => Ok(ReviewNotice::OwnChannel(channel)),
            _ => Err(self.wrong("kenh", self.l.t("claims-wrong-notice"))),
        }
    }
}

/// The id of a document, given as it is or by its address in this system.
fn document_id(text: &str) -> String {
    let id = text.rsplit_once("/van-ban/").map_or(text, |(_, id)| id);
    id.split(['/', '?', '#']).next().unwrap_or_default().to_owned()
}

/// `POST /giam-dinh/vu-viec/{review}/doi`.
pub(super) async fn change(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    TypedForm(sent, returned): TypedForm<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let l = audit.app.locale(&viewer);
    let sent = Sent { l, fields: fields(sent) };
    let known = audit.app.desk.review(&viewer.scope, &id).await.map_err(PageError::desk)?;
    let returned = returned.named(sent.text("viec"));
    match changed(&audit, &viewer, &sent, &known).await {
        Ok(()) => Ok(go(&and(&sheet_of_case(known.case.visit, &id), "da-ghi=1"))),
        Err(wrong) => back(&audit, &viewer, (known.case.visit, &id), &wrong.put(returned)?).await,
    }
}

/// The sheet of a visit with one of its cases as it is now, with the form as it was typed.
pub(super) async fn back(
    audit: &Audit,
    viewer: &Viewer,
    (visit, case): (i64, &str),
    returned: &Returned,
) -> Result<Response, PageError> {
    Ok(sent_back(sheet::page(audit, viewer, visit, &sheet::View::of_case(case), returned).await?))
}

/// Makes the change that a form asks for.
async fn changed(audit: &Audit, viewer: &Viewer, sent: &Sent<'_>, known: &ReviewRecord) -> Result<(), Wrong> {
    let app = &audit.app;
    let (desk, scope, today, l) = (&app.desk, &viewer.scope, app.today(), sent.l);
    let version: i64 = sent.text("phien-ban").parse().unwrap_or(0);
    let form = sent.text("so");
    let (form, id) = (form.as_str(), known.case.id.as_str());
    let done = match sent.text("viec").as_str() {
        "nhan" => desk.take_review(scope, id, version, form).await.map(drop),
        "giao" => desk.assign_review(scope, id, version, &sent.text("nguoi"), form).await.map(drop),
        "tra-lai" => desk.release_review(scope, id, version, &sent.reason("ly-do-tra")?, form).await.map(drop),
        "de-nghi" => desk.propose_review(scope, id, version, &sent.proposed(&known.lines)?, form).await.map(drop),
        "gui" => {
            let due = answer_due(app, today)?;
            desk.send_review(scope, id, version, &sent.notice()?, today, due, form).await.map(drop)
        }
        "ket-luan" => desk.decide_review(scope, id, version, &sent.decided(&known.lines)?, today, form).await.map(drop),
        "kien-nghi" => desk.settle_review(scope, id, version, &sent.settled(&known.lines)?, form).await.map(drop),
        "ky" => desk.countersign_review(scope, id, version, form).await.map(drop),
        "huy-ky" => desk.return_signature(scope, id, version, &sent.reason("ly-do-huy-ky")?, form).await.map(drop),
        "dong" => desk.close_review(scope, id, version, &sent.reason("ly-do-dong")?, form).await.map(drop),
        "chuyen" => {
            let (document, reason) = (sent.reason("van-ban-chuyen")?, sent.reason("ly-do-chuyen")?);
            desk.refer_review(scope, id, version, &document, &reason, form).await.map(drop)
        }
        "thu-hoi" => {
            let amount = collected(sent)?;
            let day = typed_day(&sent.text("ngay-thu")).ok_or_else(|| sent.wrong("ngay-thu", l.t("claims-wrong-day")))?;
            desk.collect_review(scope, id, version, amount, day, &sent.reason("chung-tu")?, form).await.map(drop)
        }
        "buoc" => {
            let step = step_form::sent(app, l, |name| sent.text(name))?;
            desk.record_review_step(scope, id, version, &step, today, form).await.map(drop)
        }
        "ghi-chu" => desk.note_review(scope, id, &sent.reason("ghi-chu")?, form).await,
        _ => return Err(Wrong::Page(PageError::BadRequest(l.t("claims-wrong-form")))),
    };
    done.map_err(|error| refused(l, error).into())
}

/// What was collected; with a minus it corrects what was written down before.
fn collected(sent: &Sent<'_>) -> Result<Dong, Wrong> {
    let text = sent.text("so-tien-thu");
    let (less, digits) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(digits) => (true, digits),
        None => (false, text.as_str()),
    };
    let amount = typed_dong(digits).filter(|amount| *amount > Dong::ZERO);
    let amount = amount.ok_or_else(|| sent.wrong("so-tien-thu", sent.l.t("claims-wrong-amount")))?;
    Ok(if less { -amount } else { amount })
}

#[cfg(test)]
mod tests {
    use base::{FindingKey, Strength, SubjectKind};
    use web::{Lang, Texts};

    use super::*;

    fn line(id: &str, line_no: i64, asked: i64, proposed: i64) -> ReviewLine {
        ReviewLine {
            id: id.into(),
            finding: FindingKey::new(id, SubjectKind::Visit, "1", &[]),
            rule: "drug-twice-in-day".into(),
            strength: Strength::Absolute,
            line_table: Some("xml2".into()),
            line_no: Some(line_no),
            reason: "Ghi hai lần".into(),
            law: "Điều 5".into(),
            asked: Dong::new(asked),
            proposed: Dong::new(proposed),
            decided: Dong::ZERO,
            overturned: Dong::ZERO,
            decision: None,
            decision_reason: None,
            appealed: false,
            appeal: None,
            appeal_reason: None,
        }
    }

    fn sent<'t>(texts: &'t Texts, fields: &[(&str, &str)]) -> Sent<'t> {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Sent { l: texts.lang(Lang::Vi), fields }
    }

    #[test]
    fn no_dong_of_a_cost_line_is_refused_twice() {
        let texts = Texts::load(&[]).unwrap();
        let lines = [line("a", 1, 60_000, 0), line("b", 1, 60_000, 0), line("c", 2, 40_000, 0)];
        let words = [("ly-do-a", "Ghi hai lần"), ("can-cu-a", "Điều 5"), ("ly-do-b", "Quá số ngày"), ("can-cu-b", "Điều 6")];
        let both = [&words[..], &[("so-tien-a", "40.000"), ("so-tien-b", "30.000")]].concat();
        assert!(sent(&texts, &both).proposed(&lines).is_err(), "70.000 of a line that asks 60.000");
        let within = [&words[..], &[("so-tien-a", "40.000"), ("so-tien-b", "20.000"), ("so-tien-c", "")]].concat();
        let proposed = sent(&texts, &within).proposed(&lines).unwrap();
        let amounts: Vec<(&str, i64)> = proposed.iter().map(|one| (one.line.as_str(), one.proposed.get())).collect();
        assert_eq!(amounts, [("a", 40_000), ("b", 20_000)]);
        assert!(sent(&texts, &words).proposed(&lines).is_err(), "nothing is proposed");
    }

    #[test]
    fn a_decision_names_each_proposed_line_and_refuses_what_it_says() {
        let texts = Texts::load(&[]).unwrap();
        let lines = [line("a", 1, 60_000, 50_000), line("b", 2, 40_000, 40_000), line("c", 3, 10_000, 0)];
        let fields =
            [("ket-luan-a", "refused"), ("ket-luan-b", "adjusted"), ("so-tien-b", "15.000"), ("ly-do-b", "Một phần đúng")];
        let decided = sent(&texts, &fields).decided(&lines).unwrap();
        let amounts: Vec<(&str, i64)> = decided.iter().map(|one| (one.line.as_str(), one.refused.get())).collect();
        assert_eq!(amounts, [("a", 50_000), ("b", 15_000)], "a line of which nothing was proposed is not decided about");
        assert!(sent(&texts, &fields[..1]).decided(&lines).is_err(), "a proposed line without a decision");
    }

    #[test]
    fn the_facility_is_told_in_exactly_one_way() {
        let texts = Texts::load(&[]).unwrap();
        assert!(sent(&texts, &[]).notice().is_err());
        assert!(sent(&texts, &[("van-ban", "x"), ("kenh", "công văn")]).notice().is_err());
        assert!(sent(&texts, &[("kenh", "Công văn 12 ngày 01/12/2026")]).notice().is_ok());
    }

    #[test]
    fn a_document_is_named_by_its_id_or_its_address() {
        let id = "019abc12-3456-7890-abcd-ef0123456789";
        for text in [id.to_owned(), format!("/van-ban/{id}"), format!("https://ansinh.example/van-ban/{id}?da-ghi=1")] {
            assert_eq!(document_id(&text), id, "{text}");
        }
    }
}
