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
mod proxy;
pub mod stores;

pub use fake_records::FakeRecordsCloud;
pub use proxy::Proxy;
pub use stores::{
    FakeAccountStore, FakeAuditLog, FakeCaptures, FakeCatalogue, FakeInsight, FakeRunItems,
    FakeUserStore,
};
pub use tidemark_records::testing::MemoryCheckpoints;
