//! Fakes, failure wrappers, contract suites and builders for tests.

pub mod build;
mod clock;
pub mod contract;
pub mod fake_cloud;
mod faulty_cloud;

pub use clock::TestClock;
pub use fake_cloud::{Access, FakeCloud, FakeTable, JobEnd, JobScript};
pub use faulty_cloud::{Call, FaultyCloud, When};
mod fake_records;
pub mod stores;

pub use fake_records::FakeRecordsCloud;
pub use stores::{
    FakeAccountStore, FakeAuditLog, FakeCaptures, FakeCatalogue, FakeInsight, FakeRunItems,
    FakeRunStarts, FakeUserStore,
};
pub use tidemark_records::testing::MemoryCheckpoints;
