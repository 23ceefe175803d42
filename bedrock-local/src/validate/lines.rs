//! A JSON Lines file of any size → a report for each record, in order, in constant memory.
//!
//! What one read gives is judged as one batch, on all cores: a file is read in large pieces, and whoever writes into a
//! pipe line by line gets each answer at once.

use std::{
    io::{self, ErrorKind, Read},
    ops::ControlFlow,
    thread,
};

use super::{
    Validator,
    read::{Unreadable, without_mark},
    report::Report,
};

/// As much as is read at once, and kept at most, but for a line that is longer.
const PIECE: usize = 1 << 20;

/// The longest line that is judged. Bedrock itself takes 25 MB in a body.
const LONGEST: usize = 256 << 20;

/// Fewer lines are judged faster than threads are started.
const WORTH_A_THREAD: usize = 16;

impl Validator {
    /// Judges a JSON Lines file, a [`Record`](super::Record) per line, and hands over the reports in order until it is
    /// told to stop. Empty lines are passed over; a line that cannot be read gets a report that says so.
    ///
    /// # Errors
    /// When the input cannot be read any further.
    pub fn validate_lines(&self, input: impl Read, mut each: impl FnMut(Report) -> ControlFlow<()>) -> io::Result<()> {
        self.lines_up_to(LONGEST, input, &mut each)
    }

    fn lines_up_to(
        &self,
        longest: usize,
        mut input: impl Read,
        each: &mut dyn FnMut(Report) -> ControlFlow<()>,
    ) -> io::Result<()> {
        let mut buffer = vec![0; PIECE.min(longest)];
        // The buffer holds this much of what was read, and the first line in it has this number.
        let (mut filled, mut number) = (0, 1);
        // The line that is being read is too long, and what is left of it is passed over.
        let mut skipping = false;
        loop {
            let read = match input.read(&mut buffer[filled..]) {
                Ok(read) => read,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let from = filled;
            filled += read;
            let end = match buffer[from..filled].iter().rposition(|byte| *byte == b'\n') {
                Some(last) => from + last + 1,
                None if read == 0 => filled,
                None => 0,
            };
            let mut whole = &buffer[..end];
            if skipping && !whole.is_empty() {
                let rest = whole.iter().position(|byte| *byte == b'\n').map_or(whole.len(), |at| at + 1);
                whole = &whole[rest..];
                skipping = false;
                number += 1;
            }
            if self.batch(whole, &mut number, each).is_break() || read == 0 {
                return Ok(());
            }
            buffer.copy_within(end..filled, 0);
            filled -= end;
            if skipping {
                filled = 0;
            } else if filled == buffer.len() && filled < longest {
                buffer.resize((2 * filled).min(longest), 0);
            } else if filled == buffer.len() {
                let message = format!("a line of more than {longest} bytes is not judged");
                let report = Unreadable { line: number, column: longest as u64, message }.report();
                if each(report).is_break() {
                    return Ok(());
                }
                (filled, skipping) = (0, true);
            } else if filled < PIECE && buffer.len() > PIECE {
                // A long line is behind us.
                buffer.truncate(PIECE);
                buffer.shrink_to_fit();
            }
        }
    }

    /// Judges whole lines.
    fn batch(&self, text: &[u8], number: &mut u64, each: &mut dyn FnMut(Report) -> ControlFlow<()>) -> ControlFlow<()> {
        let mut lines = Vec::new();
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            let line = if *number == 1 { without_mark(line) } else { line };
            if !line.trim_ascii().is_empty() {
                lines.push((*number, line));
            }
            *number += 1;
        }
        let workers = thread::available_parallelism().map_or(1, usize::from);
        let share = lines.len().div_ceil(workers).max(WORTH_A_THREAD);
        if lines.len() <= share {
            return lines.iter().try_for_each(|line| each(self.line(line)));
        }
        let judged: Vec<Vec<Report>> = thread::scope(|scope| {
            let judge = |share: &[(u64, &[u8])]| share.iter().map(|line| self.line(line)).collect::<Vec<_>>();
            let workers: Vec<_> = lines.chunks(share).map(|share| scope.spawn(move || judge(share))).collect();
            let join = |worker: thread::ScopedJoinHandle<'_, _>| {
                worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            workers.into_iter().map(join).collect()
        });
        judged.into_iter().flatten().try_for_each(each)
    }

    fn line(&self, (number, line): &(u64, &[u8])) -> Report {
        Report { line: *number, ..self.validate_record(line) }
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::Validator;
    use crate::{catalog::Catalog, validate::Verdict};

    #[test]
    fn a_line_that_is_too_long_is_passed_over_and_the_next_is_judged() {
        let validator = Validator::with_catalog(
            Catalog::from_jsonl(r#"{"x-model": {"id": "m"}, "$defs": {"Request": {"type": "object"}}}"#).unwrap(),
        );
        let fits = r#"{"model_id": "m", "body": {}}"#;
        let long = format!(r#"{{"model_id": "m", "body": {{"a": "{}"}}}}"#, "x".repeat(200));
        let judged = |text: &str| {
            let mut found = Vec::new();
            let done = validator.lines_up_to(64, text.as_bytes(), &mut |report| {
                found.push((report.line, report.verdict));
                ControlFlow::Continue(())
            });
            done.unwrap();
            found
        };
        let (good, bad) = (Verdict::Accepted, Verdict::Unreadable);
        assert_eq!(judged(&format!("{fits}\n{long}\n{fits}\n\n{fits}")), [(1, good), (2, bad), (3, good), (5, good)]);
        assert_eq!(judged(&format!("{long}\n{long}\n{fits}")), [(1, bad), (2, bad), (3, good)]);
        assert_eq!(judged(&format!("{fits}\n{long}")), [(1, good), (2, bad)]);
    }
}
