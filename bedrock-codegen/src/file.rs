//! One schema file of anyone's, with the files it refers to.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostics;
use crate::ir::Local;
use crate::schema::{Resolved, Schema, Target};
use crate::{load, lower, resolve};

/// A compiled file, and all files that were read for it.
#[derive(Debug)]
pub struct Compiled {
    /// The file's own resolved schema.
    pub resolved: Resolved,
    /// Its types.
    pub local: Local,
    /// Path → text, for drawing diagnostics and for watching changes.
    pub sources: BTreeMap<String, String>,
}

/// Mistakes, and the texts they are found in.
#[derive(Debug)]
pub struct Failed {
    /// What is wrong.
    pub diagnostics: Diagnostics,
    /// Path → text.
    pub sources: BTreeMap<String, String>,
}

/// Compiles the file at `path`; `read` gives the text of a path relative to the same root, `None` where there is none.
///
/// # Errors
/// All mistakes of the first step that found any.
pub fn compile(path: &str, read: impl Fn(&str) -> Option<String>) -> Result<Compiled, Box<Failed>> {
    let mut sources = BTreeMap::new();
    let mut documents = BTreeMap::new();
    let mut diagnostics = Diagnostics::default();
    let mut queue = vec![path.to_owned()];
    while let Some(path) = queue.pop() {
        if sources.contains_key(&path) {
            continue;
        }
        // A file that is not there is reported by `resolve`, at the reference.
        let Some(text) = read(&path) else { continue };
        match load::document(&path, &text) {
            Ok(document) => {
                let schemas = document.defs.iter().map(|(_, schema)| schema).chain(&document.root);
                schemas.for_each(|schema| references(schema, &mut queue));
                documents.insert(path.clone(), document);
            }
            Err(found) => found.0.into_iter().for_each(|found| diagnostics.push(found)),
        }
        sources.insert(path, text);
    }
    let compiled = diagnostics.finish(()).and_then(|()| {
        let documents = resolve::documents(documents.into_values());
        let resolved = resolve::resolve(&documents, path)?;
        lower::paths(&resolved)?;
        let local = lower::lower(&resolved)?;
        Ok((resolved, local))
    });
    match compiled {
        Ok((resolved, local)) => Ok(Compiled { resolved, local, sources }),
        Err(diagnostics) => Err(Box::new(Failed { diagnostics, sources })),
    }
}

fn references(schema: &Schema, files: &mut Vec<String>) {
    schema.walk(&mut |schema| {
        if let Some((Target::File(file, _) | Target::Root(Some(file)), _)) = &schema.reference {
            files.push(file.clone());
        }
    });
}
