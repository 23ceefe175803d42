//! From a path to its place in the text, after an error. Tolerant: behind the error the text may be anything.

use super::trace::{Guilty, Step};

/// Offset of the value or key that `steps` lead to, outermost first.
pub fn locate(text: &[u8], steps: &[Step], guilty: Guilty) -> Option<usize> {
    let mut scanner = Scanner { text, at: 0 };
    for (i, step) in steps.iter().enumerate() {
        let last = i + 1 == steps.len();
        match step {
            Step::Key(key) => {
                let nth = usize::from(last && guilty == Guilty::SecondKey);
                let at = scanner.enter_member(key, nth)?;
                if last && guilty != Guilty::Value {
                    return Some(at);
                }
            }
            Step::Index(index) => scanner.enter_item(*index)?,
        }
    }
    scanner.space();
    (scanner.at < text.len()).then_some(scanner.at)
}

/// Line and column, from 1; the column counts characters.
pub fn position(text: &[u8], offset: usize) -> (usize, usize) {
    let before = &text[..offset];
    let start = before.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
    let line = before.iter().filter(|b| **b == b'\n').count() + 1;
    // A byte that continues a character does not count.
    let column = before[start..].iter().filter(|b| **b & 0xC0 != 0x80).count() + 1;
    (line, column)
}

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
}

impl Scanner<'_> {
    fn space(&mut self) {
        while matches!(self.text.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        self.space();
        (self.text.get(self.at) == Some(&byte)).then(|| self.at += 1)
    }

    /// Moves to the value of the `nth` member named `key`; gives the place of the key.
    fn enter_member(&mut self, key: &str, mut nth: usize) -> Option<usize> {
        self.take(b'{')?;
        loop {
            self.space();
            let start = self.at;
            self.string()?;
            let found = serde_json::from_slice::<String>(&self.text[start..self.at]).ok()?;
            self.take(b':')?;
            if found == key {
                if nth == 0 {
                    return Some(start);
                }
                nth -= 1;
            }
            self.value()?;
            self.take(b',')?;
        }
    }

    fn enter_item(&mut self, index: usize) -> Option<()> {
        self.take(b'[')?;
        for _ in 0..index {
            self.value()?;
            self.take(b',')?;
        }
        Some(())
    }

    fn value(&mut self) -> Option<()> {
        let mut depth = 0;
        loop {
            self.space();
            match self.text.get(self.at)? {
                b'"' => self.string()?,
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth -= 1;
                    self.at += 1;
                }
                b',' | b':' => self.at += 1,
                _ => {
                    while !matches!(self.text.get(self.at)?, b',' | b':' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r') {
                        self.at += 1;
                    }
                }
            }
            if depth <= 0 {
                return Some(());
            }
        }
    }

    fn string(&mut self) -> Option<()> {
        self.take(b'"')?;
        loop {
            match self.text.get(self.at)? {
                b'"' => {
                    self.at += 1;
                    return Some(());
                }
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
    }
}
