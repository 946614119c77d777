use std::collections::BTreeMap;

use awsim_core::{AwsError, RequestContext, ServiceHandler as _};
use serde_json::{Value, json};

use super::{
    Ebs, Ec2, errors,
    filters::Filters,
    input::{list, pairs, text, texts},
};

impl Ebs {
    /// The tags of a volume or snapshot.
    fn tags_mut(&mut self, id: &str) -> Option<&mut BTreeMap<String, String>> {
        if let Some(volume) = self.volumes.get_mut(id) {
            return Some(&mut volume.tags);
        }
        self.snapshots
            .get_mut(id)
            .map(|snapshot| &mut snapshot.tags)
    }
}

fn is_storage(id: &str) -> bool {
    id.starts_with("vol-") || id.starts_with("snap-")
}

impl Ec2 {
    /// `CreateTags` and `DeleteTags`, which may mix resources of every type.
    pub(super) async fn change_tags(
        &self,
        operation: &str,
        mut input: Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let (ours, stock): (Vec<String>, Vec<String>) = texts(&input, "ResourceId")
            .into_iter()
            .partition(|id| is_storage(id));
        self.storage.at(&ctx.account_id, &ctx.region, |ebs| {
            for id in &ours {
                let tags = ebs.tags_mut(id).ok_or_else(|| {
                    if id.starts_with("vol-") {
                        errors::volume_not_found(id)
                    } else {
                        errors::snapshot_not_found(id)
                    }
                })?;
                if operation == "CreateTags" {
                    tags.extend(pairs(&input, "Tag"));
                } else if list(&input, "Tag").is_empty() {
                    tags.clear();
                } else {
                    for tag in list(&input, "Tag") {
                        let key = text(tag, "Key").unwrap_or_default();
                        let value = text(tag, "Value");
                        tags.retain(|k, v| k != key || value.is_some_and(|value| value != v));
                    }
                }
            }
            Ok::<_, AwsError>(())
        })?;
        if !stock.is_empty() {
            input["ResourceId"] = json!(stock);
            self.stock.handle(operation, input, ctx).await?;
        }
        Ok(json!({"return": true}))
    }

    /// `DescribeTags`: ours beside the stock service's.
    pub(super) async fn describe_tags(
        &self,
        input: Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let filters = Filters::of(&input);
        let mut answer = self.stock.handle("DescribeTags", input, ctx).await?;
        let ours: Vec<Value> = self.storage.at(&ctx.account_id, &ctx.region, |ebs| {
            let volumes = ebs
                .volumes
                .values()
                .map(|volume| (&volume.id, "volume", &volume.tags));
            let snapshots = ebs
                .snapshots
                .values()
                .map(|snapshot| (&snapshot.id, "snapshot", &snapshot.tags));
            volumes
                .chain(snapshots)
                .flat_map(|(id, kind, tags)| {
                    tags.iter().map(move |(key, value)| (id, kind, key, value))
                })
                .filter(|(id, kind, key, value)| {
                    filters.pass(&BTreeMap::new(), |name| {
                        Some(match name {
                            "resource-id" => (*id).clone(),
                            "resource-type" => (*kind).to_owned(),
                            "key" => (*key).clone(),
                            "value" => (*value).clone(),
                            _ => return None,
                        })
                    })
                })
                .map(|(id, kind, key, value)| {
                    json!({"resourceId": id, "resourceType": kind, "key": key, "value": value})
                })
                .collect()
        });
        if let Some(list) = answer
            .pointer_mut("/tagSet/item")
            .and_then(Value::as_array_mut)
        {
            list.extend(ours);
        } else {
            answer["tagSet"] = json!({"item": ours});
        }
        Ok(answer)
    }
}
