//! `cargo xtask matrix`: every kind of wrong parameter on every model as calls of `request!`, compiled and judged.

use std::process::ExitCode;

use bedrock_tests::matrix::{Options, run};

const USAGE: &str = "usage: matrix [--models N|NAME…] [--format text|json]";

fn main() -> ExitCode {
    match matrix() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all is as it should be.
fn matrix() -> Result<bool, String> {
    let mut options = Options::default();
    let mut json = false;
    let mut arguments = std::env::args().skip(1).peekable();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--models" => {
                while let Some(name) = arguments.next_if(|next| !next.starts_with("--")) {
                    match name.parse() {
                        Ok(number) => options.models = Some(number),
                        Err(_) => options.names.push(name),
                    }
                }
                if options.models.is_none() && options.names.is_empty() {
                    return Err(format!("`--models` needs a number or names\n{USAGE}"));
                }
            }
            "--format" => match arguments.next().as_deref() {
                Some("text") => json = false,
                Some("json") => json = true,
                _ => return Err(format!("`--format` is text or json\n{USAGE}")),
            },
            other => return Err(format!("{other:?} is not known\n{USAGE}")),
        }
    }
    let report = run(&options)?;
    if json {
        println!("{:#}", report.json());
    } else {
        println!("{report}");
    }
    Ok(report.failures.is_empty() && report.untyped.is_empty())
}
