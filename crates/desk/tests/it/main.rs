//! The desk on SQLite and, where a server is given, on PostgreSQL: the same cases on both.

#[cfg(test)]
mod account_review;
#[cfg(test)]
mod accounts;
#[cfg(test)]
mod agreements;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod backup;
#[cfg(test)]
mod break_glass;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod collectors;
#[cfg(test)]
mod committees;
#[cfg(test)]
mod decisions;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod donors;
#[cfg(test)]
mod durability;
#[cfg(test)]
mod identities;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod looks;
#[cfg(test)]
mod migrations;
#[cfg(test)]
mod money;
#[cfg(test)]
mod outbox;
#[cfg(test)]
mod people;
#[cfg(test)]
mod plan_texts;
#[cfg(test)]
mod postgres;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod retention;
#[cfg(test)]
mod review;
#[cfg(test)]
mod rights;
#[cfg(test)]
mod schools;
#[cfg(test)]
mod scopes;
#[cfg(test)]
mod support;
#[cfg(test)]
mod surveys;
#[cfg(test)]
mod targets;
#[cfg(test)]
mod tasks;
#[cfg(test)]
mod verify;
