use awsim_core::{AwsError, RequestContext, ServiceHandler as _};
use serde_json::{Value, json};

use super::{
    Ec2, VolumeSpec, errors,
    input::{flag, list, number, tags_for, text, texts},
    model::Attachment,
};

/// Size of a root volume unless the request says otherwise.
const ROOT_GIB: u64 = 8;

impl Ec2 {
    /// `RunInstances`: every instance gets its root volume and those that the request maps.
    pub(super) async fn run_instances(
        &self,
        mut input: Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        // The stock service reads numbers, which the query protocol sends as text.
        for member in ["MinCount", "MaxCount"] {
            if let Some(count) = number(&input, member)? {
                input[member] = json!(count);
            }
        }
        let instance_tags = tags_for(&input, "instance");
        let volume_tags = tags_for(&input, "volume");
        let zone = text(&input["Placement"], "AvailabilityZone")
            .map_or_else(|| format!("{}a", ctx.region), str::to_owned);
        let mappings = mappings(&input, &zone)?;
        let mut answer = self.stock.handle("RunInstances", input, ctx).await?;
        answer["ownerId"] = json!(ctx.account_id);
        let ids: Vec<String> = answer
            .pointer("/instancesSet/item")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|instance| instance["instanceId"].as_str().map(str::to_owned))
            .collect();
        let now = self.storage.clock.now();
        self.storage.at(&ctx.account_id, &ctx.region, |ebs| {
            for id in &ids {
                for (device, spec, delete_on_termination) in &mappings {
                    let mut volume = self.storage.new_volume(ebs, spec.clone(), ctx)?;
                    volume.tags.clone_from(&volume_tags);
                    volume.attachment = Some(Attachment {
                        instance: id.clone(),
                        device: device.clone(),
                        since: now,
                        delete_on_termination: *delete_on_termination,
                    });
                    ebs.volumes.insert(volume.id.clone(), volume);
                }
            }
            Ok::<_, AwsError>(())
        })?;
        if !instance_tags.is_empty() {
            let tags: Vec<Value> = instance_tags
                .iter()
                .map(|(key, value)| json!({"Key": key, "Value": value}))
                .collect();
            let request = json!({"ResourceId": ids, "Tag": tags});
            self.stock.handle("CreateTags", request, ctx).await?;
        }
        Ok(answer)
    }

    /// `TerminateInstances`: volumes go or are left behind, as they were attached.
    pub(super) async fn terminate_instances(
        &self,
        input: Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let ids = texts(&input, "InstanceId");
        let answer = self.stock.handle("TerminateInstances", input, ctx).await?;
        self.storage.at(&ctx.account_id, &ctx.region, |ebs| {
            ebs.volumes.retain(|_, volume| {
                !volume
                    .attachment
                    .as_ref()
                    .is_some_and(|a| a.delete_on_termination && ids.contains(&a.instance))
            });
            for volume in ebs.volumes.values_mut() {
                volume.attachment.take_if(|a| ids.contains(&a.instance));
            }
        });
        Ok(answer)
    }

    /// Refuses a request that names an instance which is not there.
    pub(super) async fn instance_must_exist(
        &self,
        input: &Value,
        ctx: &RequestContext,
    ) -> Result<(), AwsError> {
        let id = text(input, "InstanceId").ok_or_else(|| errors::missing("InstanceId"))?;
        let found = self
            .stock
            .handle("DescribeInstances", json!({"InstanceId": [id]}), ctx)
            .await?;
        let any = found
            .pointer("/reservationSet/item")
            .and_then(Value::as_array)
            .is_some_and(|list| !list.is_empty());
        any.then_some(())
            .ok_or_else(|| errors::instance_not_found(id))
    }
}

/// Device, volume and whether it goes with the instance.
fn mappings(input: &Value, zone: &str) -> Result<Vec<(String, VolumeSpec, bool)>, AwsError> {
    let spec = |ebs: &Value, size| -> Result<VolumeSpec, AwsError> {
        Ok(VolumeSpec {
            size_gib: number(ebs, "VolumeSize")?.unwrap_or(size),
            zone: zone.to_owned(),
            kind: text(ebs, "VolumeType").unwrap_or("gp3").to_owned(),
            iops: number(ebs, "Iops")?,
            throughput: number(ebs, "Throughput")?,
            encrypted: flag(ebs, "Encrypted").unwrap_or(false),
            kms_key: text(ebs, "KmsKeyId").map(str::to_owned),
            snapshot: text(ebs, "SnapshotId").map(str::to_owned),
        })
    };
    let mut found = Vec::new();
    for mapping in list(input, "BlockDeviceMapping") {
        let ebs = &mapping["Ebs"];
        let from_snapshot = text(ebs, "SnapshotId").is_some();
        found.push((
            text(mapping, "DeviceName")
                .ok_or_else(|| errors::missing("deviceName"))?
                .to_owned(),
            spec(ebs, if from_snapshot { 0 } else { ROOT_GIB })?,
            flag(ebs, "DeleteOnTermination").unwrap_or(true),
        ));
    }
    let has_root = found
        .iter()
        .any(|(device, ..)| device == "/dev/xvda" || device == "/dev/sda1");
    if !has_root {
        found.insert(
            0,
            ("/dev/xvda".to_owned(), spec(&Value::Null, ROOT_GIB)?, true),
        );
    }
    Ok(found)
}
