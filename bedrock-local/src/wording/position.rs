//! Line and column of a value in JSON text, as serde_json counts them: after the last byte it has read.

use crate::schema;

/// Which end is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    /// The key that leads to the value.
    Key,
    /// The value itself.
    Value,
}

/// Line and column, both from 1. Where the text is not what the pointer promises, its end.
pub(super) fn of(text: &[u8], pointer: &str, after: After) -> (usize, usize) {
    let mut scanner = Scanner { text, at: 0 };
    let wanted: Vec<String> = schema::segments(pointer).collect();
    let end = scanner.find(&wanted, after).unwrap_or(text.len());
    let before = &text[..end.min(text.len())];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count();
    (line, column)
}

/// Reads JSON that has been parsed before, so it may trust its form.
struct Scanner<'t> {
    text: &'t [u8],
    at: usize,
}

impl Scanner<'_> {
    fn find(&mut self, wanted: &[String], after: After) -> Option<usize> {
        let Some((segment, deeper)) = wanted.split_first() else {
            self.skip()?;
            return Some(self.at);
        };
        match self.peek()? {
            b'{' => {
                self.at += 1;
                while self.peek()? != b'}' {
                    let key = self.string()?;
                    let end = self.at;
                    (self.peek()? == b':').then_some(())?;
                    self.at += 1;
                    if key == *segment {
                        return if deeper.is_empty() && after == After::Key {
                            Some(end)
                        } else {
                            self.find(deeper, after)
                        };
                    }
                    self.skip()?;
                    self.comma()?;
                }
                None
            }
            b'[' => {
                self.at += 1;
                for index in 0.. {
                    if self.peek()? == b']' {
                        return None;
                    }
                    if segment.parse() == Ok(index) {
                        return self.find(deeper, after);
                    }
                    self.skip()?;
                    self.comma()?;
                }
                None
            }
            _ => None,
        }
    }

    /// The next byte that is not white space.
    fn peek(&mut self) -> Option<u8> {
        while self.text.get(self.at)?.is_ascii_whitespace() {
            self.at += 1;
        }
        self.text.get(self.at).copied()
    }

    fn comma(&mut self) -> Option<()> {
        if self.peek()? == b',' {
            self.at += 1;
        }
        Some(())
    }

    fn string(&mut self) -> Option<String> {
        self.peek()?;
        let start = self.at;
        self.skip_string()?;
        serde_json::from_slice(&self.text[start..self.at]).ok()
    }

    fn skip_string(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            match self.text.get(self.at)? {
                b'\\' => self.at += 2,
                b'"' => break,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        Some(())
    }

    /// Steps over a whole value.
    fn skip(&mut self) -> Option<()> {
        let mut depth = 0usize;
        loop {
            match self.peek()? {
                b'"' => self.skip_string()?,
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth = depth.checked_sub(1)?;
                    self.at += 1;
                }
                b',' | b':' if depth > 0 => self.at += 1,
                b',' | b':' => return None,
                _ => {
                    let scalar = |byte: &u8| !matches!(byte, b',' | b'}' | b']' | b':') && !byte.is_ascii_whitespace();
                    self.at += self.text[self.at..].iter().take_while(|byte| scalar(byte)).count();
                }
            }
            if depth == 0 {
                return Some(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{After, of};

    #[test]
    fn keys_and_values_are_found() {
        let text = b"{\"a\": [1, {\"b\\\"c\": \"x, y\"}],\n \"d\": 22 }";
        assert_eq!(of(text, "/a/1/b\"c", After::Key), (1, 17));
        assert_eq!(of(text, "/a/1/b\"c", After::Value), (1, 25));
        assert_eq!(of(text, "/d", After::Key), (2, 4));
        assert_eq!(of(text, "/d", After::Value), (2, 8));
        assert_eq!(of(text, "", After::Value), (2, 10));
        assert_eq!(of(text, "/nowhere", After::Value), (2, 10));
        assert_eq!(of(b"nonsense {", "/a/b", After::Key), (1, 10));
    }
}
