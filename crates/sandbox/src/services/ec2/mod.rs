//! EC2 with the block storage that the stock service lacks: volumes, attachments and snapshots.

mod attach_volume;
mod create_snapshot;
mod create_snapshots;
mod create_volume;
mod delete_snapshot;
mod delete_volume;
mod describe_instances;
mod describe_snapshots;
mod describe_volumes;
mod detach_volume;
mod errors;
mod filters;
mod input;
mod model;
mod modify_volume;
mod run_instances;
mod tags;

pub(crate) use model::{Ebs, Snapshot, Volume, VolumeSpec, new_id, volume_arn};

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use awsim_core::{AwsError, Protocol, RequestContext, ServiceHandler};
use serde_json::Value;
use tidemark_sandbox_backup::SimClock;

use crate::contents::Contents;

/// Account and Region.
type Place = (String, String);

/// The block storage of every account and Region.
#[derive(Clone)]
pub(crate) struct BlockStorage {
    places: Arc<Mutex<HashMap<Place, Ebs>>>,
    pub(crate) clock: SimClock,
    pub(crate) contents: Contents,
}

impl BlockStorage {
    pub(crate) fn new(clock: SimClock, contents: Contents) -> Self {
        Self {
            places: Arc::default(),
            clock,
            contents,
        }
    }

    /// Works on the block storage of one account and Region.
    pub(crate) fn at<T>(&self, account: &str, region: &str, work: impl FnOnce(&mut Ebs) -> T) -> T {
        let mut places = self.lock();
        work(
            places
                .entry((account.to_owned(), region.to_owned()))
                .or_default(),
        )
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Place, Ebs>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Our EC2 around the stock one.
pub(crate) struct Ec2 {
    stock: awsim_ec2::Ec2Service,
    storage: BlockStorage,
}

impl Ec2 {
    pub(crate) fn new(storage: BlockStorage) -> Self {
        Self {
            stock: awsim_ec2::Ec2Service::new(),
            storage,
        }
    }
}

#[async_trait::async_trait]
impl ServiceHandler for Ec2 {
    fn service_name(&self) -> &'static str {
        "ec2"
    }

    fn protocol(&self) -> Protocol {
        Protocol::Ec2Query
    }

    async fn handle(
        &self,
        operation: &str,
        input: Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        if input["DryRun"] == "true" {
            return Err(errors::dry_run());
        }
        let storage = &self.storage;
        match operation {
            "CreateVolume" => create_volume::create_volume(storage, &input, ctx),
            "DescribeVolumes" => describe_volumes::describe_volumes(storage, &input, ctx),
            "ModifyVolume" => modify_volume::modify_volume(storage, &input, ctx),
            "DeleteVolume" => delete_volume::delete_volume(storage, &input, ctx),
            "AttachVolume" => {
                self.instance_must_exist(&input, ctx).await?;
                attach_volume::attach_volume(storage, &input, ctx)
            }
            "DetachVolume" => detach_volume::detach_volume(storage, &input, ctx),
            "CreateSnapshot" => create_snapshot::create_snapshot(storage, &input, ctx),
            "CreateSnapshots" => {
                self.instance_must_exist(&input["InstanceSpecification"], ctx)
                    .await?;
                create_snapshots::create_snapshots(storage, &input, ctx)
            }
            "DescribeSnapshots" => describe_snapshots::describe_snapshots(storage, &input, ctx),
            "DeleteSnapshot" => delete_snapshot::delete_snapshot(storage, &input, ctx),
            "CreateTags" | "DeleteTags" => self.change_tags(operation, input, ctx).await,
            "DescribeTags" => self.describe_tags(input, ctx).await,
            "RunInstances" => self.run_instances(input, ctx).await,
            "TerminateInstances" => self.terminate_instances(input, ctx).await,
            "DescribeInstances" => self.describe_instances(input, ctx).await,
            _ => self.stock.handle(operation, input, ctx).await,
        }
    }
}
