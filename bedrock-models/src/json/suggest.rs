//! The name that was meant.

use std::fmt;

use super::error::Name;

/// ``, did you mean `top_k`?`` where a known name is near, else all known names, unless they are many.
pub struct Suggest<'a>(pub &'a str, pub Vec<&'a str>);

impl fmt::Display for Suggest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(name, known) = self;
        if let Some(near) = nearest(name, known) {
            return write!(f, ", did you mean {}?", Name(near));
        }
        if known.is_empty() { Ok(()) } else { write!(f, ", expected {}", OneOf(known)) }
    }
}

/// The names that are known, unless they are many.
pub struct OneOf<'a>(pub &'a [&'a str]);

impl fmt::Display for OneOf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.len() > 1 {
            f.write_str("one of ")?;
        }
        for (i, name) in self.0.iter().enumerate().take(30) {
            write!(f, "{}{}", if i == 0 { "" } else { ", " }, Name(name))?;
        }
        if self.0.len() > 30 { write!(f, " and {} more", self.0.len() - 30) } else { Ok(()) }
    }
}

fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    // A long string is no slip of the finger, and the distance takes quadratic time.
    if name.is_empty() || name.len() > 80 {
        return None;
    }
    let limit = (name.chars().count() / 3).max(1);
    let near = known.iter().map(|known| (distance(name, known), *known)).filter(|(distance, _)| *distance <= limit);
    near.min_by_key(|(distance, _)| *distance).map(|(_, known)| known)
}

/// Edit distance without regard to case, `_`, `-` and space; a swap of neighbours counts as one.
fn distance(a: &str, b: &str) -> usize {
    let fold = |s: &str| -> Vec<char> {
        s.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
    };
    let (a, b) = (fold(a), fold(b));
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let best = change.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                if swapped { best.min(rows[i - 2][j - 2] + 1) } else { best }
            };
        }
    }
    rows[a.len()][b.len()]
}
