//! What the simulated AWS Backup protects, over the stores of the simulated services.

mod bridge;
mod dynamodb;
mod ebs;
mod efs;
mod memorydb;
mod metadata;
mod rds;
mod s3;

use std::sync::Arc;

use awsim_core::{AccountRegionStore, ServiceHandler};
use awsim_efs::EfsState;
use awsim_memorydb::MemoryDbState;
use awsim_s3::state::S3State;
use bridge::Bridge;
use tidemark_sandbox_backup::{ProviderError, ResourceProvider};

use crate::{
    contents::Contents,
    services::{dynamodb::Dynamo, ec2::BlockStorage},
};

/// The services whose resources can be backed up.
pub(crate) struct Sources {
    pub(crate) dynamo: Arc<Dynamo>,
    pub(crate) buckets: AccountRegionStore<S3State>,
    pub(crate) storage: BlockStorage,
    pub(crate) rds: Arc<dyn ServiceHandler>,
    pub(crate) efs: Arc<dyn ServiceHandler>,
    pub(crate) file_systems: AccountRegionStore<EfsState>,
    pub(crate) memorydb: Arc<dyn ServiceHandler>,
    pub(crate) clusters: AccountRegionStore<MemoryDbState>,
    pub(crate) contents: Contents,
}

/// One provider for each type. Must be called within a Tokio runtime.
pub(crate) fn providers(sources: Sources) -> Vec<Arc<dyn ResourceProvider>> {
    let bridge = |service: Arc<dyn ServiceHandler>| Bridge::new(service);
    vec![
        Arc::new(dynamodb::Tables::new(sources.dynamo)),
        Arc::new(s3::Buckets::new(sources.buckets)),
        Arc::new(ebs::Volumes::new(sources.storage)),
        Arc::new(rds::Instances::new(
            bridge(sources.rds),
            sources.contents.clone(),
        )),
        Arc::new(efs::FileSystems::new(
            bridge(sources.efs),
            sources.file_systems,
            sources.contents.clone(),
        )),
        Arc::new(memorydb::Clusters::new(
            bridge(sources.memorydb),
            sources.clusters,
            sources.contents,
        )),
    ]
}

fn error(code: &str, message: impl Into<String>) -> ProviderError {
    ProviderError {
        code: code.to_owned(),
        message: message.into(),
    }
}

/// The recovery point was made by another provider than the one asked to restore it.
fn foreign() -> ProviderError {
    error(
        "InvalidRequestException",
        "The recovery point holds another type of resource",
    )
}

/// The part of an ARN after its account, without the resource type.
fn id_of(arn: &str) -> &str {
    let resource = arn.splitn(6, ':').nth(5).unwrap_or(arn);
    resource
        .split_once(['/', ':'])
        .map_or(resource, |(_, id)| id)
}
