//! Record-level backups as the console does them: set up under load, proven, spoiled behind its back,
//! and killed while it reads.

mod deleted;
mod killed;
mod refused;
mod restored;
mod setup;
mod world;
