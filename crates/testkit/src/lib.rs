//! Fakes, failure wrappers, contract suites and builders for tests.

pub mod build;
mod clock;
pub mod contract;
pub mod fake_cloud;
mod faulty_cloud;

pub use clock::TestClock;
pub use fake_cloud::{Access, FakeCloud, FakeTable, JobEnd, JobScript};
pub use faulty_cloud::{Call, FaultyCloud, When};
pub mod stores;

pub use stores::{
    FakeAccountStore, FakeAuditLog, FakeCatalogue, FakeInsight, FakeRunItems, FakeUserStore,
};
