//! Where a value failed: levels note their key or index while an error passes through them on its way up.
//!
//! Nothing is noted, and nothing paid, while all goes well. Errors of a foreign deserializer have no room for a path,
//! so it is kept beside them, per thread, and only while [`record`] runs.

use std::cell::{Cell, RefCell};

/// One level on the way to a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    Key(String),
    Index(usize),
}

/// What is wrong about the place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Guilty {
    /// The value.
    #[default]
    Value,
    /// The key, which has no business there.
    Key,
    /// The second of two equal keys.
    SecondKey,
}

/// The place of an error.
#[derive(Debug, Default)]
pub struct Trace {
    /// Innermost first.
    pub steps: Vec<Step>,
    pub guilty: Guilty,
}

thread_local! {
    static RECORDING: Cell<bool> = const { Cell::new(false) };
    static TRACE: RefCell<Trace> = const { RefCell::new(Trace { steps: Vec::new(), guilty: Guilty::Value }) };
}

/// Runs `f` and notes where it fails. Open unions are lenient meanwhile.
pub fn record<R>(f: impl FnOnce() -> R) -> (R, Trace) {
    /// Gives the state back even where `f` panics.
    struct Restore(bool, Option<Trace>);
    impl Drop for Restore {
        fn drop(&mut self) {
            RECORDING.set(self.0);
            if let Some(trace) = self.1.take() {
                TRACE.set(trace);
            }
        }
    }
    let restore = Restore(RECORDING.replace(true), Some(TRACE.take()));
    let result = f();
    let trace = TRACE.take();
    drop(restore);
    (result, trace)
}

/// Whether [`record`] runs.
#[inline]
pub fn recording() -> bool {
    RECORDING.get()
}

/// The error passed a member.
#[cold]
#[inline(never)]
pub fn key<E>(error: E, key: &str) -> E {
    push(Step::Key(key.to_owned()));
    error
}

/// The error passed an item.
#[cold]
#[inline(never)]
pub fn index<E>(error: E, index: usize) -> E {
    push(Step::Index(index));
    error
}

/// The error is about a key.
#[cold]
#[inline(never)]
pub fn guilty_key<E>(error: E, name: &str, guilty: Guilty) -> E {
    if recording() {
        TRACE.with_borrow_mut(|trace| trace.guilty = guilty);
    }
    key(error, name)
}

/// The error is dealt with.
pub fn forget() {
    TRACE.take();
}

fn push(step: Step) {
    if recording() {
        TRACE.with_borrow_mut(|trace| trace.steps.push(step));
    }
}
