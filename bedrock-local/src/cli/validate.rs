//! `bedrock-local validate`: files and standard input → findings, and an exit status.

use std::{
    cell::RefCell,
    fs::File,
    io::{self, BufWriter, ErrorKind, IsTerminal, Read, Write},
    ops::ControlFlow,
    path::{Path, PathBuf},
    process::ExitCode,
};

use bedrock_local::{
    judge::Kind,
    validate::{Report, Summary, Validator},
};
use clap::{Parser, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::{Models, binding};

/// Files that are judged in a moment need no bar.
const WORTH_A_BAR: u64 = 8 << 20;

#[derive(Parser)]
#[command(after_help = "\
A record is one line: {\"model_id\": \"…\", \"body\": {…}}, with \"kind\": \"response\" or \"stream_event\" where it is no
request. Model IDs may have the prefix of an inference profile or stand in an ARN.

Exit status: 0 nothing is wrong, 1 something is (bodies refused, models unknown), 2 something could not be read.

Try it:
  echo '{\"prompt\": \"Hi\", \"top_k\": 5}' | bedrock-local validate --model meta.llama3-8b-instruct-v1:0
  bedrock-local validate requests.jsonl
  bedrock-local validate --format json requests.jsonl | jq 'select(.verdict == \"refused\") | .findings[]'")]
pub struct Validate {
    /// JSON Lines files of records; with --model, files that are one body each. `-` or nothing: standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The model to whose bodies the files belong, as an ID, an inference profile or an ARN
    #[arg(long, value_name = "ID")]
    model: Option<String>,
    /// Which of the model's bodies the files are [default: request]
    #[arg(long, value_enum, requires = "model")]
    kind: Option<KindName>,
    /// How findings are written to standard output
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    models: Models,
    /// Take the bodies sent to an ARN that does not name its model for those of a model; may be repeated
    #[arg(long, value_name = "ARN=MODEL_ID", value_parser = binding)]
    bind_arn: Vec<(String, String)>,
}

#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum KindName {
    Request,
    Response,
    StreamEvent,
}

impl From<KindName> for Kind {
    fn from(name: KindName) -> Self {
        match name {
            KindName::Request => Self::Request,
            KindName::Response => Self::Response,
            KindName::StreamEvent => Self::StreamEvent,
        }
    }
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Format {
    /// A line for each finding, nothing for what is accepted
    #[default]
    Text,
    /// A JSON object for each record
    Json,
}

/// Status of what could not be judged at all.
const CANNOT_RUN: u8 = 2;

/// Judges everything that was named, and says what there is to say.
pub fn run(arguments: &Validate) -> ExitCode {
    let catalog = match arguments.models.catalog() {
        Ok(catalog) => catalog,
        Err(error) => {
            eprintln!("error: {error}");
            return CANNOT_RUN.into();
        }
    };
    let mut validator = Validator::with_catalog(catalog);
    for (arn, model) in &arguments.bind_arn {
        validator = validator.bind_arn(arn, model);
    }
    let mut run = Run {
        arguments,
        validator,
        out: RefCell::new(Output {
            format: arguments.format,
            to: BufWriter::new(Box::new(io::stdout())),
            summary: Summary::default(),
        }),
        unread: false,
    };
    let standard_input = [PathBuf::from("-")];
    let files = if arguments.files.is_empty() { &standard_input[..] } else { &arguments.files };
    for path in files {
        if run.input(path).is_break() {
            // Whoever reads has read enough: `bedrock-local validate … | head`.
            return run.status();
        }
    }
    eprintln!("{}", run.out.borrow().summary);
    run.status()
}

struct Run<'a> {
    arguments: &'a Validate,
    validator: Validator,
    out: RefCell<Output>,
    /// Something that was named could not be read.
    unread: bool,
}

impl Run<'_> {
    fn status(&self) -> ExitCode {
        if self.unread || self.out.borrow().summary.unreadable > 0 {
            CANNOT_RUN.into()
        } else if self.out.borrow().summary.is_clean() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }

    fn input(&mut self, path: &Path) -> ControlFlow<()> {
        let (name, bar, opened) = if path == Path::new("-") {
            if io::stdin().is_terminal() {
                eprintln!("reading standard input; end it with Ctrl-D, or name a file");
            }
            ("-".into(), ProgressBar::hidden(), Ok(Box::new(io::stdin()) as Box<dyn Read>))
        } else {
            let file = File::open(path);
            let length = file.as_ref().ok().and_then(|file| file.metadata().ok()).map_or(0, |known| known.len());
            (path.to_string_lossy(), bar(length), file.map(|file| Box::new(file) as Box<dyn Read>))
        };
        let opened = opened.map_err(Stop::Unreadable);
        let done = opened.and_then(|input| self.judge(&name, &bar, bar.wrap_read(input)));
        bar.finish_and_clear();
        match done {
            Ok(()) => ControlFlow::Continue(()),
            Err(Stop::Unwritable(error)) => {
                if error.kind() != ErrorKind::BrokenPipe {
                    eprintln!("error: the findings cannot be written: {error}");
                    self.unread = true;
                }
                ControlFlow::Break(())
            }
            Err(Stop::Unreadable(error)) => {
                eprintln!("error: {name} cannot be read: {error}");
                self.unread = true;
                ControlFlow::Continue(())
            }
        }
    }
    fn judge(&self, name: &str, bar: &ProgressBar, input: impl Read) -> Result<(), Stop> {
        let mut input = Prompt { input, out: &self.out };
        let Some(model) = &self.arguments.model else {
            let mut written = Ok(());
            let read = self.validator.validate_lines(input, |report| {
                written = self.out.borrow_mut().write(name, bar, &report);
                if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            });
            written.and_then(|()| self.out.borrow_mut().to.flush()).map_err(Stop::Unwritable)?;
            return read.map_err(Stop::Unreadable);
        };
        let mut text = Vec::new();
        input.read_to_end(&mut text).map_err(Stop::Unreadable)?;
        let kind = self.arguments.kind.map_or(Kind::Request, Kind::from);
        let report = self.validator.validate_text(model, kind, &text);
        let out = &mut *self.out.borrow_mut();
        out.write(name, bar, &report).and_then(|()| out.to.flush()).map_err(Stop::Unwritable)
    }
}

/// Says what there is to say before it waits for more: whoever writes a line and waits for the answer gets it.
struct Prompt<'a, R> {
    input: R,
    out: &'a RefCell<Output>,
}

impl<R: Read> Read for Prompt<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // What could not be written stays, and fails again when the input has ended.
        let _ = self.out.borrow_mut().to.flush();
        self.input.read(buffer)
    }
}

/// Why an input was not judged to its end.
enum Stop {
    Unreadable(io::Error),
    Unwritable(io::Error),
}

struct Output {
    format: Format,
    to: BufWriter<Box<dyn Write>>,
    summary: Summary,
}

impl Output {
    fn write(&mut self, name: &str, bar: &ProgressBar, report: &Report) -> io::Result<()> {
        self.summary.add(report);
        match self.format {
            Format::Text if report.is_clean() => Ok(()),
            Format::Text => {
                let name = if name == "-" { "<stdin>" } else { name };
                let lines = report.to_string();
                bar.suspend(|| lines.lines().try_for_each(|line| writeln!(self.to, "{name}:{line}")))
            }
            Format::Json => {
                serde_json::to_writer(&mut self.to, &Named { file: name, report })?;
                self.to.write_all(b"\n")
            }
        }
    }
}

/// A report with the file it speaks of.
#[derive(Serialize)]
struct Named<'a> {
    file: &'a str,
    #[serde(flatten)]
    report: &'a Report,
}

/// A bar for long files; nothing is drawn where nobody watches.
fn bar(length: u64) -> ProgressBar {
    if length < WORTH_A_BAR {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes}, {eta} left");
    let bar = ProgressBar::new(length);
    style.map(|style| bar.clone().with_style(style)).unwrap_or(bar)
}
