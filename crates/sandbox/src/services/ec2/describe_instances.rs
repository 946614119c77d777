use awsim_core::{AwsError, RequestContext, ServiceHandler as _};
use serde_json::{Value, json};

use super::Ec2;

impl Ec2 {
    /// `DescribeInstances`, with the volumes attached to each.
    pub(super) async fn describe_instances(
        &self,
        input: Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let mut answer = self.stock.handle("DescribeInstances", input, ctx).await?;
        let reservations = answer
            .pointer_mut("/reservationSet/item")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten();
        for reservation in reservations {
            reservation["ownerId"] = json!(ctx.account_id);
            let instances = reservation
                .pointer_mut("/instancesSet/item")
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten();
            for instance in instances {
                self.show_volumes(instance, ctx);
            }
        }
        Ok(answer)
    }

    fn show_volumes(&self, instance: &mut Value, ctx: &RequestContext) {
        let id = instance["instanceId"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let mappings: Vec<Value> = self.storage.at(&ctx.account_id, &ctx.region, |ebs| {
            ebs.volumes
                .values()
                .filter_map(|volume| Some((volume, volume.attachment.as_ref()?)))
                .filter(|(_, attachment)| attachment.instance == id)
                .map(|(volume, attachment)| {
                    json!({
                        "deviceName": attachment.device,
                        "ebs": {
                            "volumeId": volume.id,
                            "status": "attached",
                            "attachTime": attachment.since.to_string(),
                            "deleteOnTermination": attachment.delete_on_termination,
                        },
                    })
                })
                .collect()
        });
        instance["rootDeviceName"] = json!("/dev/xvda");
        instance["rootDeviceType"] = json!("ebs");
        instance["placement"] = json!({"availabilityZone": format!("{}a", ctx.region)});
        instance["blockDeviceMapping"] = json!({"item": mappings});
    }
}
