//! One mistake that a user makes per case in `tests/ui/<group>/`: it must not compile, and rustc must say what the marks
//! in the case say. The bodies in `tests/ui/accepted/` must compile, and be the JSON that they say.
//!
//! `UPDATE_UI=1` marks the cases anew; read what it writes. `UI=request/` runs only the cases with that in their path.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, thread};

use bedrock_tests::compile::{Compiler, judge};

#[path = "../ui/accepted/mod.rs"]
mod accepted;

#[test]
fn mistakes_do_not_compile_and_rustc_says_why() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    let wanted = env::var("UI").unwrap_or_default();
    let cases: Vec<String> = cases(&folder).into_iter().filter(|case| case.contains(&wanted)).collect();
    assert!(!cases.is_empty(), "there are no cases in {}", folder.display());
    let compiler = Compiler::new().expect("the libraries are built");
    let next = AtomicUsize::new(0);
    let work = || {
        let mut complaints = Vec::new();
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Err(complaint) = check(&compiler, &folder, case) {
                complaints.push((case, complaint));
            }
        }
        complaints
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut complaints: Vec<(&String, String)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker does not panic")).collect()
    });
    complaints.sort();
    let text: Vec<String> = complaints.iter().map(|(case, words)| format!("── tests/ui/{case}\n{words}")).collect();
    let help = "UPDATE_UI=1 marks the cases anew";
    assert!(complaints.is_empty(), "{}\n{} of {} cases; {help}", text.join("\n"), complaints.len(), cases.len());
}

fn check(compiler: &Compiler, folder: &Path, case: &str) -> Result<(), String> {
    let path = folder.join(case);
    let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
    let verdict = judge(&text, &compiler.compile(folder, case)?)?;
    if verdict.complaint.is_empty() {
        return Ok(());
    }
    if env::var_os("UPDATE_UI").is_some() {
        fs::write(&path, verdict.marked).map_err(|error| error.to_string())?;
    }
    Err(verdict.complaint)
}

/// `group/case.rs`, without the bodies that are accepted.
fn cases(folder: &Path) -> Vec<String> {
    let list = |folder: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).expect("the folder of the cases is there");
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry can be read").path()).collect();
        paths.sort();
        paths
    };
    let mut cases = Vec::new();
    for group in list(folder).iter().filter(|path| path.is_dir() && !path.ends_with("accepted")) {
        for case in list(group).iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs")) {
            let below = case.strip_prefix(folder).expect("it lies in the folder");
            cases.push(below.to_string_lossy().replace('\\', "/"));
        }
    }
    cases
}
