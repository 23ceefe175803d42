//! All of `schemas/` at once: the steps in order, each for all files, all mistakes of a step together.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, Loc};
use crate::ir::Api;
use crate::resolve::Documents;
use crate::schema::{Document, Resolved};
use crate::share::Unit;
use crate::{check, load, lower, parallel, resolve, share};

/// A step of the compiler, for whoever watches the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Text to trees.
    Load,
    /// References and narrowing.
    Resolve,
    /// Rust shapes of each file.
    Lower,
    /// Each form once.
    Share,
    /// Names, ranges, defaults.
    Check,
}

/// What all schema files together say.
#[derive(Debug)]
pub struct Program {
    /// Every file, by path below `schemas/`.
    pub documents: Documents,
    /// Every API, by path of its shape.
    pub apis: Vec<Api>,
    /// The resolved schema of every model, by path.
    pub models: Vec<Arc<Resolved>>,
}

/// Compiles schema files to IR.
///
/// `sources` maps paths below `schemas/` to text. `watch` is called at the end of each step.
///
/// # Errors
/// All mistakes of the first step that found any.
pub fn compile(sources: &BTreeMap<String, String>, mut watch: impl FnMut(Stage)) -> Result<Program, Diagnostics> {
    let sources: Vec<_> = sources.iter().collect();
    let documents = resolve::documents(each(&sources, |(path, text)| load::document(path, text))?);
    watch(Stage::Load);

    let files: Vec<_> = documents.keys().collect();
    let resolved = each(&files, |path| resolve::resolve(&documents, path).map(Arc::new))?;
    watch(Stage::Resolve);

    let units = each(&resolved, |resolved| {
        let local = lower::lower(resolved)?;
        Ok(Unit { resolved: resolved.clone(), local })
    })?;
    watch(Stage::Lower);

    let shapes: BTreeSet<Arc<str>> = resolved.iter().map(|resolved| resolved.shape.clone()).collect();
    let shapes: Vec<_> = shapes.into_iter().collect();
    let apis = each(&shapes, |path| api(&documents, path, &units))?;
    watch(Stage::Share);

    check::check(&apis).map_err(|mistakes| placed(mistakes, &documents))?;
    watch(Stage::Check);

    let models = resolved.into_iter().filter(|resolved| resolved.model.is_some()).collect();
    Ok(Program { documents, apis, models })
}

/// Facts are kept as plain values; their places are looked up in the file where they are needed.
fn placed(mut mistakes: Diagnostics, documents: &Documents) -> Diagnostics {
    for mistake in mistakes.0.iter_mut().filter(|mistake| mistake.loc.line == 0) {
        if let Some(document) = documents.get(&mistake.loc.file) {
            let pointer = std::mem::take(&mut mistake.loc.pointer);
            mistake.loc = Loc { pointer: pointer.clone(), ..load::locate(document, &pointer) };
        }
    }
    mistakes
}

fn api(documents: &Documents, path: &Arc<str>, units: &[Unit]) -> Result<Api, Diagnostics> {
    let shape = &documents[path];
    let mut diagnostics = Diagnostics::default();
    let find = |path: &str| units.iter().find(|unit| &*unit.resolved.path == path);
    let mut generations: Vec<(&Document, &Unit)> = Vec::new();
    let folder = path.trim_end_matches(".json");
    for (stem, loc) in &shape.generations {
        let file = format!("{folder}/{stem}.json");
        match (documents.get(file.as_str()), find(&file)) {
            (Some(document), Some(unit)) => generations.push((document, unit)),
            _ => diagnostics.push(
                Diagnostic::new(loc, format!("there is no generation file {file:?}"))
                    .help("add the file, or take its name out of `x-generations`"),
            ),
        }
    }
    let mut models = Vec::new();
    for unit in units.iter().filter(|unit| unit.resolved.shape == *path && unit.resolved.path != *path) {
        if unit.resolved.model.is_some() {
            models.push(unit.clone());
        } else if !generations.iter().any(|(document, _)| document.path == unit.resolved.path) {
            diagnostics.push(
                Diagnostic::new(&documents[&unit.resolved.path].loc, format!("the generation is not listed in {path}"))
                    .help("add its file name to `x-generations`, in the place of its release"),
            );
        }
    }
    models.extend(find(path).filter(|unit| unit.resolved.model.is_some()).cloned());
    diagnostics.finish(())?;
    let Some(unit) = find(path) else { return Err(Diagnostics::default()) };
    share::share(shape, unit, &generations, models)
}

/// A step for each of its items; all mistakes together.
fn each<A: Sync, B: Send>(
    items: &[A],
    step: impl Fn(&A) -> Result<B, Diagnostics> + Sync,
) -> Result<Vec<B>, Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let mut done = Vec::new();
    for item in parallel::map(items, step) {
        match item {
            Ok(item) => done.push(item),
            Err(found) => found.0.into_iter().for_each(|found| diagnostics.push(found)),
        }
    }
    diagnostics.finish(done)
}
