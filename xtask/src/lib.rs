//! The commands of `cargo xtask`, one module each. Tests call the same functions.

pub mod cargo;
pub mod compile;
pub mod regen;
pub mod resolve;
pub mod workspace;
