//! The commands of `cargo xtask`, one module each. Tests call the same functions.

pub mod bench;
pub mod cargo;
pub mod compile;
pub mod lint;
pub mod matrix;
pub mod regen;
pub mod resolve;
pub mod test;
pub mod workspace;
