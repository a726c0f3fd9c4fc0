//! The program as a whole: the way from files to pages, crashes, replay, what the house promises.
//!
//! Everything here runs the built binary as its users do. Parts that need a browser are skipped without
//! one and say so; `ANSINH_REQUIRE=browser` makes a missing browser a failure.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod addresses;
#[cfg(test)]
mod auto_cases;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod by_hand;
#[cfg(test)]
mod case_outcomes;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod catalogues;
#[cfg(test)]
mod claim_forms;
#[cfg(test)]
mod claims;
#[cfg(test)]
mod claims_again;
#[cfg(test)]
mod claims_pages;
#[cfg(test)]
mod claims_sheets;
#[cfg(test)]
mod claims_terms;
#[cfg(test)]
mod claims_watch;
#[cfg(test)]
mod collectors;
#[cfg(test)]
mod decisions;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod donors;
#[cfg(test)]
mod dry_run;
#[cfg(test)]
mod floors;
#[cfg(test)]
mod followup;
#[cfg(test)]
mod handbook;
#[cfg(test)]
mod indicators;
#[cfg(test)]
mod killed;
#[cfg(test)]
mod law;
#[cfg(test)]
mod layouts;
#[cfg(test)]
mod letters;
#[cfg(test)]
mod link;
#[cfg(test)]
mod links;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod locales;
#[cfg(test)]
mod plan;
#[cfg(test)]
mod plan_pages;
#[cfg(test)]
mod plan_report;
#[cfg(test)]
mod plan_status;
#[cfg(test)]
mod plan_year;
#[cfg(test)]
mod portal;
#[cfg(test)]
mod postgres;
#[cfg(test)]
mod privacy;
#[cfg(test)]
#[path = "../../../oidc/tests/it/provider.rs"]
mod provider;
#[cfg(test)]
mod receiving;
#[cfg(test)]
mod register;
#[cfg(test)]
mod replaced;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod returned;
#[cfg(test)]
mod rights;
#[cfg(test)]
mod roles;
#[cfg(test)]
mod rule_manual;
#[cfg(test)]
mod sealed;
#[cfg(test)]
mod sending;
#[cfg(test)]
mod server;
#[cfg(test)]
mod single;
#[cfg(test)]
mod standing;
#[cfg(test)]
mod support;
#[cfg(test)]
mod support_pages;
#[cfg(test)]
mod surveys;
#[cfg(test)]
mod taking_in;
#[cfg(test)]
mod units;
#[cfg(test)]
mod whole_way;
#[cfg(test)]
mod words;
