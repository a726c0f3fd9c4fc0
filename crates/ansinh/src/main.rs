//! `ansinh`: runs a city's plan for social, health and unemployment insurance.

mod commands;
mod config;
mod content;
mod desk_copy;
mod failure;
mod inputs;
mod monthly;
mod output;
mod progress;
mod provider;
mod sealed;
mod seals;
mod settling;
mod workshop;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let line = match commands::CommandLine::try_parse() {
        Ok(line) => line,
        Err(error) => {
            // Help and version are not failures; everything else is a matter of usage.
            if error.use_stderr() && std::env::args().any(|a| a == "--json") {
                let failure = failure::Failure::usage(error.to_string().trim().to_owned());
                return output::fail(true, &failure);
            }
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    match commands::run(&line) {
        Ok(code) => code,
        Err(failure) => output::fail(line.json, &failure),
    }
}
