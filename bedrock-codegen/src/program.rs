//! All of `schemas/` at once: the steps in order, each for all files, all mistakes of a step together.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::Api;
use crate::resolve::Documents;
use crate::schema::{Document, Resolved};
use crate::share::Unit;
use crate::{check, load, lower, resolve, share};

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
    pub models: Vec<Resolved>,
}

/// Compiles schema files to IR.
///
/// `sources` maps paths below `schemas/` to text. `watch` is called at the end of each step.
///
/// # Errors
/// All mistakes of the first step that found any.
pub fn compile(sources: &BTreeMap<String, String>, mut watch: impl FnMut(Stage)) -> Result<Program, Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let mut documents = Vec::new();
    for (path, text) in sources {
        match load::document(path, text) {
            Ok(document) => documents.push(document),
            Err(found) => found.0.into_iter().for_each(|found| diagnostics.push(found)),
        }
    }
    diagnostics.finish(())?;
    let documents = resolve::documents(documents);
    watch(Stage::Load);

    let resolved = each(&documents, |document| resolve::resolve(&documents, &document.path))?;
    watch(Stage::Resolve);

    let units = each_of(resolved, |resolved| {
        let local = lower::lower(&resolved)?;
        Ok(Unit { resolved, local })
    })?;
    watch(Stage::Lower);

    let mut diagnostics = Diagnostics::default();
    let mut apis = Vec::new();
    let shapes: BTreeSet<Arc<str>> = units.iter().map(|unit| unit.resolved.shape.clone()).collect();
    for path in &shapes {
        match api(&documents, path, &units) {
            Ok(api) => apis.push(api),
            Err(found) => found.0.into_iter().for_each(|found| diagnostics.push(found)),
        }
    }
    diagnostics.finish(())?;
    watch(Stage::Share);

    check::check(&apis)?;
    watch(Stage::Check);

    let models = units.into_iter().map(|unit| unit.resolved).filter(|resolved| resolved.model.is_some()).collect();
    Ok(Program { documents, apis, models })
}

fn api(documents: &Documents, path: &Arc<str>, units: &[Unit]) -> Result<Api, Diagnostics> {
    let shape = &documents[path];
    let mut diagnostics = Diagnostics::default();
    let find = |path: &str| units.iter().find(|unit| &*unit.resolved.path == path);
    let mut generations: Vec<(&Document, Unit)> = Vec::new();
    let folder = path.trim_end_matches(".json");
    for (stem, loc) in &shape.generations {
        let file = format!("{folder}/{stem}.json");
        match (documents.get(file.as_str()), find(&file)) {
            (Some(document), Some(unit)) => generations.push((document, unit.clone())),
            _ => diagnostics.push(
                Diagnostic::new(loc, format!("there is no generation file {file:?}"))
                    .help("add the file, or take its name out of `x-generations`"),
            ),
        }
    }
    let mut models = Vec::new();
    for unit in units.iter().filter(|unit| unit.resolved.shape == *path && unit.resolved.model.is_some()) {
        if let Some(generation) = &unit.resolved.generation
            && !generations.iter().any(|(document, _)| document.path == *generation)
        {
            diagnostics.push(
                Diagnostic::new(&documents[generation].loc, format!("the generation is not listed in {path}"))
                    .help("add its file name to `x-generations`, in the place of its release"),
            );
        }
        models.push(unit.clone());
    }
    diagnostics.finish(())?;
    let Some(unit) = find(path) else { return Err(Diagnostics::default()) };
    share::share(shape, unit, &generations, models)
}

fn each<T>(
    documents: &Documents,
    mut step: impl FnMut(&Document) -> Result<T, Diagnostics>,
) -> Result<Vec<T>, Diagnostics> {
    each_of(documents.values().collect(), |document| step(document))
}

fn each_of<A, B>(items: Vec<A>, mut step: impl FnMut(A) -> Result<B, Diagnostics>) -> Result<Vec<B>, Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let mut done = Vec::new();
    for item in items {
        match step(item) {
            Ok(item) => done.push(item),
            Err(found) => found.0.into_iter().for_each(|found| diagnostics.push(found)),
        }
    }
    diagnostics.finish(done)
}
