//! The marks in a case: what rustc must say, and where.

/// A diagnostic that is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// What is marked.
    pub place: Place,
    /// `ERROR` or `WARNING`.
    pub level: String,
    /// The error code or the lint.
    pub code: Option<String>,
    /// Words in order.
    pub words: Vec<String>,
    /// The mark's own lines, as they stand in the case.
    pub lines: Vec<String>,
}

/// A part of a line. Columns are characters from 1, the end is behind the last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub line: usize,
    pub start: usize,
    pub end: usize,
}

/// The marks of a case. A mark line without a caret continues the one above.
pub fn marks(case: &str) -> Result<Vec<Mark>, String> {
    let mut marks: Vec<Mark> = Vec::new();
    let mut code_line = 0;
    for (index, line) in case.lines().enumerate() {
        if !is_mark(line) {
            code_line = index + 1;
            continue;
        }
        let at = |message: &str| format!("line {}: {message}", index + 1);
        let Some(start) = line.chars().position(|c| c == '^') else {
            let more = line.trim_start().trim_start_matches("//~").trim();
            let last = marks.last_mut().ok_or_else(|| at("there is no mark to continue"))?;
            last.words.extend(words(more));
            last.lines.push(line.to_owned());
            continue;
        };
        let length = line.chars().skip(start).take_while(|c| *c == '^').count();
        let rest: String = line.chars().skip(start + length).collect();
        let (head, text) = rest.trim().split_once(' ').unwrap_or((rest.trim(), ""));
        let (level, code) = match head.split_once('[') {
            Some((level, code)) => (level, code.strip_suffix(']')),
            None => (head, None),
        };
        if !matches!(level, "ERROR" | "WARNING") {
            return Err(at("expected `ERROR`, `ERROR[code]` or `WARNING[lint]` behind the carets"));
        }
        marks.push(Mark {
            place: Place { line: code_line, start: start + 1, end: start + length + 1 },
            level: level.to_owned(),
            code: code.map(str::to_owned),
            words: words(text),
            lines: vec![line.to_owned()],
        });
    }
    Ok(marks)
}

/// Whether a line is a mark.
pub fn is_mark(line: &str) -> bool {
    line.trim_start().starts_with("//~")
}

fn words(text: &str) -> Vec<String> {
    text.split('…').map(|words| words.trim().to_owned()).filter(|words| !words.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carets_mark_the_line_of_code_above() {
        let found =
            marks("let x: u8 = \"a\";\n//~         ^^^ ERROR[E0308] mismatched\n//~             expected … found\n")
                .unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].place, Place { line: 1, start: 13, end: 16 });
        assert_eq!(found[0].code.as_deref(), Some("E0308"));
        assert_eq!(found[0].words, ["mismatched", "expected", "found"]);
    }

    #[test]
    fn a_mark_says_its_level() {
        assert!(marks("x\n//~ ^^^ mismatched\n").is_err());
    }
}
