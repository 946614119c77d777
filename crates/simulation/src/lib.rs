//! A deterministic simulation of the run engine and its kinds.
//!
//! A seed makes a world: AWS accounts at the simulated AWS of the testkit, two processes with their
//! engines over one store, people who restore, back up, delete, save plans, cancel and send forms
//! twice, and trouble: lost calls and lost answers, throttling, denials, crashes, a store that is
//! away, clocks that jump. One thread lives through it in simulated time; the same seed gives the
//! same trace. An oracle that knows what people asked for and what there is at AWS judges every
//! change and every line of every log. See `docs/simulation.md`.

mod dice;
mod oracle;
mod people;
mod profile;
mod records;
mod store;
mod time;
mod trace;
mod weather;
mod wire;
mod world;

pub use oracle::{Rule, Violation};
pub use trace::Keep;
pub use world::{Outcome, live};
