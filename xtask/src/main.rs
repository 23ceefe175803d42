//! The maintainers' commands: flags in, a few lines over the libraries, text out.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Schema trees are many small pieces: `regen` takes three fifths of the time that it does with the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The maintainers' commands of the Bedrock toolkit.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Compile schemas/ to Rust: the one command to run when a model changes.
    ///
    /// Writes only files that change, removes those whose schema is gone, and writes nothing at all where a schema has
    /// a mistake. Prints models, types, forks, lines and the time of each step.
    Regen(xtask::regen::Arguments),
    /// Compile one schema file of anyone's to Rust, for a first try.
    ///
    /// The file may hold one schema, or `$defs` with `Request`, `Response` and `StreamEvent`. References to other files
    /// are relative to it. What the supported subset is stands in schemas/README.md.
    Compile(xtask::compile::Arguments),
    /// Print the resolved schema of a model: self-contained, for any JSON Schema 2020-12 validator.
    Resolve(xtask::resolve::Arguments),
    /// Check that the schemas say where everything is known from.
    ///
    /// Every property of a request needs a description and a source, every number a range or `x-unbounded`, every model
    /// its dates and sources. Prints models, properties, certain and uncertain ones per API.
    Lint,
    /// Run the main job against the embedded local Bedrock: no credentials, no network.
    ///
    /// Compiles the schemas, starts the server, makes typed calls to a chat, an image and an embedding model through the
    /// AWS SDK, and shows a wrong parameter stopped by the compiler and one stopped before sending.
    Demo,
    /// Write every kind of wrong parameter of every model as calls of `request!`, and compile them.
    ///
    /// Each wrong call must fail on the guilty token, and be refused at run time with a path; each valid call must
    /// compile. Prints what was tried and caught per kind of mistake and per API, and what was not. Takes some minutes.
    Matrix(xtask::matrix::Arguments),
    /// Run the whole test suite.
    Test {
        /// Passed on to `cargo test`, such as the name of a test.
        arguments: Vec<String>,
    },
    /// Measure, and print ratios: regenerating, checking, encoding and decoding.
    ///
    /// Takes some minutes: what is measured is built in release, and type checking is timed from a clean state.
    Bench(xtask::bench::Arguments),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Regen(arguments) => xtask::regen::run(&arguments),
        Command::Compile(arguments) => xtask::compile::run(&arguments),
        Command::Resolve(arguments) => xtask::resolve::run(&arguments),
        Command::Lint => xtask::lint::run(),
        Command::Demo => xtask::cargo::run(&["run", "--quiet", "--package", "bedrock-tests", "--bin", "demo"]),
        Command::Matrix(arguments) => xtask::matrix::run(&arguments),
        Command::Test { arguments } => xtask::test::run(&arguments),
        Command::Bench(arguments) => xtask::bench::run(&arguments),
    };
    match done {
        Ok(code) => code,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
