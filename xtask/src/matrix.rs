//! `cargo xtask matrix`: every kind of wrong parameter on every model, as calls that must not compile.

use std::process::ExitCode;

use crate::cargo;

/// How much of the matrix, and how it is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// A number of models, taken from all APIs in turn, or parts of IDs and file names; all models without it.
    #[arg(long, num_args = 1.., value_name = "N|NAME")]
    models: Vec<String>,
    /// What is printed: tables and failures, or JSON with every model.
    #[arg(long, default_value = "text", value_parser = ["text", "json"])]
    format: String,
}

/// Runs the program, which stands on the models that are compiled.
///
/// # Errors
/// Where cargo can't be started.
pub fn run(arguments: &Arguments) -> Result<ExitCode, String> {
    let mut command = vec!["run", "--quiet", "--package", "bedrock-tests", "--bin", "matrix", "--"];
    command.extend(["--format", &arguments.format]);
    if !arguments.models.is_empty() {
        command.push("--models");
        command.extend(arguments.models.iter().map(String::as_str));
    }
    cargo::run(&command)
}
