//! Fakes, failure wrappers, contract suites and builders for tests.

pub mod build;
mod clock;
pub mod contract;
mod fake_buckets;
pub mod fake_cloud;
mod fake_hooks;
mod fake_policies;
mod fake_records;
mod faulty_cloud;
mod faulty_copies;
mod intercept;
mod proxy;
pub mod stores;

pub use clock::TestClock;
pub use fake_buckets::{FakeBucket, FakeBuckets, FakeObject};
pub use fake_cloud::{
    Access, FakeCloud, FakeTable, JobEnd, JobScript, Pace, TableThing, Takes, Thing,
};
pub use fake_hooks::{FakeApplication, FakeHooks};
pub use fake_policies::{FakePolicyCloud, FakeRole, stack_id};
pub use fake_records::FakeRecordsCloud;
pub use faulty_cloud::{Call, FaultyCloud, When};
pub use intercept::{Between, Passing};
pub use proxy::Proxy;
pub use stores::{
    FakeAccountStore, FakeAuditLog, FakeCaptures, FakeCatalogue, FakeInsight, FakePermissions,
    FakeRunItems, FakeRunStarts, FakeSets, FakeUserStore,
};
pub use tidemark_records::testing::MemoryCheckpoints;
