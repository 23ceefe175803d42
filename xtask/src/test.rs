//! `cargo xtask test`: the whole test suite.

use std::process::ExitCode;

use crate::cargo;

/// Runs all tests, or with arguments what they choose.
///
/// # Errors
/// Where cargo can't be started.
pub fn run(arguments: &[String]) -> Result<ExitCode, String> {
    let chosen = arguments.iter().map(String::as_str);
    let code = cargo::run(&["test", "--workspace"].into_iter().chain(chosen).collect::<Vec<_>>())?;
    if code != ExitCode::SUCCESS || !arguments.is_empty() {
        return Ok(code);
    }
    // Outside the workspace, so that serde_json's odd features don't reach the other tests.
    cargo::run(&["test", "--manifest-path", "tests/features/Cargo.toml", "--target-dir", "target/features"])
}
