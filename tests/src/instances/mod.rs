//! Bodies made from a resolved schema: [`Generator`] makes what should fit, [`mutate`] breaks it in one place.
//!
//! Everything is drawn from one seeded [`Random`]: the same schema and seed give the same bodies. Neither part gives a
//! verdict. A body that was meant to fit may break a condition, and a mutation may change nothing that matters; the
//! validator says which.

mod coverage;
mod generate;
mod merge;
mod mutate;
mod random;
mod scalar;

pub use coverage::Coverage;
pub use generate::Generator;
pub(crate) use merge::Merged;
pub use mutate::mutate;
pub use random::Random;
