//! The same work for many values on all cores; what comes out is in their order, whichever core was faster.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::{iter, thread};

/// `items.iter().map(work).collect()`.
///
/// # Panics
/// When the work panics.
pub fn map<A: Sync, B: Send>(items: &[A], work: impl Fn(&A) -> B + Sync) -> Vec<B> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let turn = || {
            let index = next.fetch_add(1, Ordering::Relaxed);
            Some((index, work(items.get(index)?)))
        };
        iter::from_fn(turn).collect::<Vec<_>>()
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let mut done: Vec<(usize, B)> = thread::scope(|scope| {
        let others: Vec<_> = (1..cores.min(items.len())).map(|_| scope.spawn(worker)).collect();
        let mut done = worker();
        done.extend(others.into_iter().flat_map(|other| other.join().expect("the work does not panic")));
        done
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, done)| done).collect()
}
