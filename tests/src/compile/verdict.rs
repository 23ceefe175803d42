//! Whether rustc says of a case what its marks expect.

use super::marks::{Mark, is_mark, marks};
use super::messages::{Found, one_line};

/// What is wrong with a case, in words; and the case with the marks that rustc's messages ask for.
#[derive(Debug)]
pub struct Verdict {
    /// Empty where all is as expected.
    pub complaint: String,
    /// The case, marked anew.
    pub marked: String,
    /// How many diagnostics there were.
    pub diagnostics: usize,
}

/// Compares what was found with the marks of the case.
///
/// # Errors
/// Where a mark can't be read.
pub fn judge(case: &str, found: &[Found]) -> Result<Verdict, String> {
    let mut expected = marks(case)?;
    let mut complaint = String::new();
    let mut matched: Vec<(&Found, Option<Mark>)> = Vec::new();
    for found in found {
        let mark = expected.iter().position(|mark| found.is(mark)).map(|index| expected.remove(index));
        if mark.is_none() {
            complaint += &format!("rustc says what is not marked:\n{}\n", found.rendered.trim_end());
        }
        matched.push((found, mark));
    }
    for mark in expected {
        complaint += &format!("rustc does not say what is marked:\n{}\n", mark.lines.join("\n"));
    }
    if found.is_empty() {
        complaint += "it compiles, which it must not\n";
    }
    Ok(Verdict { complaint, marked: mark_anew(case, &matched), diagnostics: found.len() })
}

/// Marks that held stay as they are, new ones quote the whole message.
fn mark_anew(case: &str, matched: &[(&Found, Option<Mark>)]) -> String {
    let mut text = String::new();
    for (index, line) in case.lines().enumerate() {
        if is_mark(line) {
            continue;
        }
        text += line;
        text.push('\n');
        for (found, mark) in matched {
            let Some(place) = found.place.as_ref().filter(|place| place.line == index + 1) else { continue };
            if let Some(mark) = mark {
                text += &mark.lines.join("\n");
            } else {
                let code = found.code.as_ref().map(|code| format!("[{code}]")).unwrap_or_default();
                let carets = "^".repeat(place.end.saturating_sub(place.start).max(1));
                let message = one_line(&found.message);
                text += &format!(
                    "//~{}{carets} {}{code} {message}",
                    " ".repeat(place.start.saturating_sub(4)),
                    found.level
                );
            }
            text.push('\n');
        }
    }
    text
}
