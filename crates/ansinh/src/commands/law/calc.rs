//! `ansinh law calc NAME`: one command a calculator, its flags made from the calculator's own fields.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Arg, ArgAction, ArgMatches, Command, FromArgMatches, Subcommand};
use law::Law;
use law::calc::{Answer, CALCULATORS, Calculator, Field, Given, JsonSchema, Kind, Out, Part, Term};
use serde_json::json;

use crate::failure::Failure;
use crate::output;

/// What `law calc` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    asked: Asked,
}

/// A calculator with what was given to it.
#[derive(Debug)]
struct Asked {
    calculator: &'static Calculator,
    input: Option<PathBuf>,
    describe: bool,
    flags: Vec<(&'static str, String, bool)>,
}

impl FromArgMatches for Asked {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let missing = || clap::Error::raw(clap::error::ErrorKind::MissingSubcommand, "law calc needs the name of a calculator\n");
        let (name, given) = matches.subcommand().ok_or_else(missing)?;
        let calculator = Calculator::of(name).ok_or_else(missing)?;
        let fields = (calculator.input)();
        let flags = fields.iter().filter_map(|field| {
            let text = given.get_one::<String>(field.name)?.clone();
            Some((field.name, text, matches!(field.kind, Kind::List(_))))
        });
        Ok(Self {
            calculator,
            input: given.get_one::<PathBuf>("input").cloned(),
            describe: given.get_flag("describe"),
            flags: flags.collect(),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Subcommand for Asked {
    fn augment_subcommands(command: Command) -> Command {
        command.subcommand_required(true).subcommands(CALCULATORS.iter().map(of_calculator))
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        Calculator::of(name).is_some()
    }
}

fn of_calculator(calculator: &'static Calculator) -> Command {
    let input = Arg::new("input").long("input").value_name("FILE").value_parser(clap::value_parser!(PathBuf));
    let describe = Arg::new("describe").long("describe").action(ArgAction::SetTrue);
    Command::new(calculator.name)
        .about(calculator.vi)
        .arg(input.help("Tệp YAML hoặc JSON chứa các trường; cờ trên dòng lệnh được ưu tiên"))
        .arg(describe.help("In các trường cần nhập (JSON Schema với --json)"))
        .args((calculator.input)().into_iter().map(of_field))
}

fn of_field(field: Field) -> Arg {
    let mut help = field.vi.to_owned();
    if let Kind::Choice(choices) = &field.kind {
        let codes: Vec<&str> = choices.iter().map(|choice| choice.code).collect();
        help.push_str(&format!(" [{}]", codes.join(", ")));
    }
    if let Kind::List(fields) = &field.kind {
        let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
        help.push_str(&format!(", dạng '[{{{}: …}}]'", names.join(": …, ")));
    }
    match (&field.default, field.required) {
        (Some(default), _) => help.push_str(&format!(" (mặc định {default})")),
        (None, true) => help.push_str(" (bắt buộc)"),
        (None, false) => {}
    }
    let name = field.name;
    // `--absence-days` on the command line, `absence_days` in files.
    let dashed: &'static str = dashed(name);
    let arg = Arg::new(name).long(dashed).help(help).value_name(field.kind.word());
    if dashed == name { arg } else { arg.alias(name) }
}

/// The name of a field as a flag; made once and kept, as the flags of a process are.
fn dashed(name: &'static str) -> &'static str {
    if name.contains('_') { Box::leak(name.replace('_', "-").into_boxed_str()) } else { name }
}

/// Works out the answer and prints it with its steps.
pub fn run(json: bool, law: &Law, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let asked = &arguments.asked;
    if asked.describe {
        describe(json, asked.calculator)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut given = match &asked.input {
        Some(path) => read(path)?,
        None => Given::empty(),
    };
    for (name, text, is_list) in &asked.flags {
        let value = if *is_list {
            Given::from_yaml(text).map_err(|(line, column, what)| Failure::usage(format!("--{name}:{line}:{column}: {what}")))?
        } else {
            Given::Text(text.clone())
        };
        if !given.put(name, value) {
            return Err(Failure::usage("tệp --input phải chứa các trường có tên".to_owned()));
        }
    }
    let answer = asked.calculator.answer(law, &given).map_err(|error| refused(&error))?;
    output::print(json, &answer, || spoken(asked.calculator, &answer))?;
    Ok(ExitCode::SUCCESS)
}

/// A wrong input is a matter of usage, a law without an answer one of content.
fn refused(error: &law::calc::CalcError) -> Failure {
    let exit = if matches!(error, law::calc::CalcError::Input(_)) { 2 } else { 3 };
    Failure { message: error.vi(), ..Failure::of(error, exit) }
}

fn read(path: &std::path::Path) -> Result<Given, Failure> {
    let text =
        std::fs::read_to_string(path).map_err(|e| Failure::input("input_unreadable", format!("{}: {e}", path.display())))?;
    Given::from_yaml(&text)
        .map_err(|(line, column, what)| Failure::input("input_unreadable", format!("{}:{line}:{column}: {what}", path.display())))
}

fn describe(json: bool, calculator: &Calculator) -> Result<(), Failure> {
    let (input, output_fields) = ((calculator.input)(), (calculator.output)());
    let record = json!({
        "calculator": calculator.name, "title": { "vi": calculator.vi, "en": calculator.en },
        "input": JsonSchema(&input), "output": JsonSchema(&output_fields),
    });
    output::print(json, &record, || {
        let mut text = format!("{}: {}", calculator.name, calculator.vi);
        for field in &input {
            let need = if field.required { "bắt buộc" } else { field.default.as_deref().unwrap_or("không bắt buộc") };
            text.push_str(&format!("\n  {:<20} {} ({}; {need})", field.name, field.vi, field.kind.example_vi()));
        }
        text.push_str("\nKết quả:");
        for field in &output_fields {
            text.push_str(&format!("\n  {:<20} {}", field.name, field.vi));
        }
        text
    })
}

/// The answer for a terminal: parts, then steps with figures and articles, then doubts.
fn spoken(calculator: &Calculator, answer: &Answer) -> String {
    let mut text = calculator.vi.to_owned();
    for part in &answer.parts {
        push_part(&mut text, part, 1);
    }
    text.push_str("\nCách tính:");
    for step in &answer.steps {
        let how: Vec<String> = step.how.iter().map(term).collect();
        text.push_str(&format!("\n  {} = {}   ({})", step.vi, value(&step.value), how.join(" ")));
        for used in &step.uses {
            let word = used.selector.as_ref().map(|s| format!(" [{s}]")).unwrap_or_default();
            let held = used.value.as_ref().map_or_else(|| "–".to_owned(), ToString::to_string);
            text.push_str(&format!("\n      {}{word} = {held}, từ {}: {}", used.parameter, used.from, used.reference));
        }
    }
    for doubt in answer.doubts() {
        let note = doubt.note.as_deref().unwrap_or_default();
        text.push_str(&format!("\nCòn nghi vấn [{}] {}: {note}", doubt.confidence, doubt.parameter));
    }
    text.push_str("\nKết quả để tham khảo; trường hợp cụ thể do cơ quan có thẩm quyền quyết định.");
    text
}

fn push_part(text: &mut String, part: &Part, depth: usize) {
    let indent = "  ".repeat(depth);
    match &part.value {
        Out::Rows(rows) => {
            text.push_str(&format!("\n{indent}{}:", part.vi));
            for row in rows {
                let cells: Vec<String> =
                    row.iter().map(|cell| format!("{} {}", cell.vi.to_lowercase(), value(&cell.value))).collect();
                text.push_str(&format!("\n{indent}  – {}", cells.join("; ")));
            }
        }
        Out::Nothing => {}
        known => text.push_str(&format!("\n{indent}{}: {}", part.vi, value(known))),
    }
}

fn term(term: &Term) -> String {
    match term {
        Term::Value(out) => value(out),
        Term::Sign(sign) => (*sign).to_owned(),
        Term::Words(vi, _) => (*vi).to_owned(),
    }
}

/// A value in Vietnamese: `1.234.567 đồng`, `4,5 %`, `05/08/2026`.
fn value(out: &Out) -> String {
    use web::Lang::Vi;
    match out {
        Out::Nothing => "–".to_owned(),
        Out::Dong(dong) => web::format::dong(Vi, *dong),
        Out::Rate(rate) => rate.to_string().replace('.', ","),
        Out::Count(count) => web::format::number(Vi, *count),
        Out::Flag(true) => "có".to_owned(),
        Out::Flag(false) => "không".to_owned(),
        Out::Date(date) => web::format::date(Vi, *date),
        Out::Month(month) => format!("{:02}/{}", month.number(), month.year()),
        Out::Word(word) => word.vi.to_owned(),
        Out::Rows(rows) => format!("{} dòng", rows.len()),
    }
}
