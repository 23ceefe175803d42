//! Running cargo on the workspace.

use std::process::{Command, ExitCode};

use crate::workspace;

/// A cargo command on the workspace, with the cargo that runs this program.
#[must_use]
pub fn command(arguments: &[&str]) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(arguments).current_dir(workspace::root());
    command
}

/// Runs cargo and passes its exit status on.
///
/// # Errors
/// Where cargo can't be started.
pub fn run(arguments: &[&str]) -> Result<ExitCode, String> {
    let status = command(arguments).status().map_err(|error| format!("error: can't run cargo: {error}"))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Ok(ExitCode::from(code))
}
