//! What is true of employers at the end of a month: who evades, who only looks like it, who owes what.

use crate::businesses;
use crate::calendar::{self, MonthIndex};
use crate::employers::conduct::{self, Conduct, LookAlike};
use crate::employers::payroll::{self, Account, Payer};
use crate::employers::standing::State;
use crate::employers::{Kind, Part, codes, managers};
use crate::households::Role;
use crate::life::jobs::Spell;
use crate::rosters::{EmployerSubject, Subject};

/// The account of an employer at the end of a month.
pub fn account(subject: &EmployerSubject) -> Account {
    let (world, employer) = (subject.view.world, subject.employer);
    let (kind, part) = (world.employers.kind(employer), world.employers.part(employer));
    if !subject.count.has_insured() {
        return Account::default();
    }
    let paid_through = |month| conduct::paid_through(&world.random, employer, kind, part, month);
    payroll::account(Payer::Employer, |month| subject.count.wages_in(month), paid_through, subject.view.month)
}

/// What an employer evades in a month: conduct that really shows, with a worker whom it concerns.
pub fn evades(subject: &EmployerSubject) -> Conduct {
    let conduct = subject.view.world.employers.conduct(subject.employer);
    let shows = match conduct {
        Conduct::Honest => false,
        Conduct::NeverRegisters | Conduct::UnderInsures => subject.count.evaded > 0,
        Conduct::WageFloor => subject.count.workers > 0,
    };
    if shows { conduct } else { Conduct::Honest }
}

/// Why an honest employer may be taken for an evader.
pub fn looks_like(subject: &EmployerSubject) -> Option<LookAlike> {
    let (world, month, count) = (subject.view.world, subject.view.month, subject.count);
    if evades(subject) != Conduct::Honest {
        return None;
    }
    let standing = world.employers.standing(subject.employer);
    let part = world.employers.part(subject.employer);
    let short = count.present > count.workers;
    match (standing.state(month), part) {
        (State::Suspended, Some(Part::Pays { .. })) => Some(LookAlike::Suspended),
        (State::Active, Some(Part::OwnerOnly)) => {
            (!managers::is_due(world, subject.employer, month)).then_some(LookAlike::ManagerElsewhere)
        }
        (State::Active, Some(Part::Seasonal)) => Some(LookAlike::Seasonal),
        (State::Active, Some(Part::AtParent)) if short => Some(LookAlike::AtParent),
        (State::Active, _) if short && calendar::of(standing.founded) == month => Some(LookAlike::New),
        (State::Active, _) if short => Some(LookAlike::NotObliged),
        _ => None,
    }
}

/// The line of an employer in `employers_PERIOD.csv`; empty before it is founded.
pub fn truth_line(subject: &EmployerSubject) -> String {
    let (world, count) = (subject.view.world, subject.count);
    let state = world.employers.standing(subject.employer).state(subject.view.month);
    if state == State::NotYet {
        return String::new();
    }
    let account = account(subject);
    let code = codes::tax_code(&world.random, &world.employers, subject.employer);
    let look_alike = looks_like(subject).map_or("", LookAlike::word);
    format!(
        "{},{code},{},{},{},{},{},{look_alike},{},{}\n",
        subject.employer + 1,
        world.employers.kind(subject.employer).word(),
        state.word(),
        count.present,
        count.workers,
        evades(subject).word(),
        account.months_late,
        account.closing.total()
    )
}

/// What an insured owner pays on in a month, đồng: the wage chosen, raised with the reference level; 0 outside the time.
pub fn owner_wage(spell: &Spell, month: MonthIndex) -> i64 {
    if spell.covers(month) { spell.wage.max(payroll::reference_level(month)) } else { 0 }
}

/// The account of a household business whose owner is insured, at the end of a month.
pub fn owner_account(subject: &Subject) -> Option<Account> {
    let spell = subject.life.spells.iter().find(|s| s.owner && s.from <= subject.month)?;
    let wages = |month| owner_wage(spell, month);
    let random = &subject.world.random;
    let paid_through = |month| conduct::paid_through(random, spell.employer, Kind::Household, None, month);
    Some(payroll::account(Payer::Owner, wages, paid_through, subject.month))
}

/// The lines of a household business in `employers_PERIOD.csv` and of its owner in `owners_PERIOD.csv`.
pub fn owner_lines(subject: &Subject) -> Option<(String, String)> {
    if subject.person.outline.role != Role::Head {
        return None;
    }
    let business = businesses::of(subject.world, subject.home)?;
    let state = business.state(subject.month);
    if state == State::NotYet {
        return None;
    }
    let (number, code) = (business.employer + 1, subject.person.id.to_string());
    let account = owner_account(subject);
    let (late, debt) = account.map_or((0, 0), |a| (a.months_late, a.closing.total()));
    let employer = format!("{number},{code},{},{},0,0,,,{late},{debt}\n", Kind::Household.word(), state.word());
    let spell = subject.life.spells.iter().find(|s| s.owner && s.covers(subject.month));
    let owner = format!(
        "{},{number},{code},{},{},{},{},{}\n",
        subject.person.number(),
        business.method(subject.month).word(),
        state.word(),
        business.duty(subject.person, &subject.life.spells, subject.month).word(),
        u8::from(spell.is_some()),
        spell.map(|s| calendar::period(s.from)).unwrap_or_default()
    );
    Some((employer, owner))
}
