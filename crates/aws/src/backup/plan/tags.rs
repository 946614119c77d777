use std::collections::BTreeMap;

use serde_json::{Map, Value};
use tidemark_domain::plan::BackupPlan;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use crate::{access::Access, access::pages};

/// The tags of a plan (`ListTags`), without those that AWS sets by itself; none where the role may not read
/// them. What nobody read is never changed.
pub(super) async fn plan_tags(access: &Access, arn: &str) -> Result<Option<Value>, CloudError> {
    let tags = pages(async |token| {
        let page = access
            .read(Call::BackupListTags, || {
                access
                    .clients
                    .backup()
                    .list_tags()
                    .resource_arn(arn)
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        let tags: Vec<(String, String)> = page.tags.unwrap_or_default().into_iter().collect();
        Ok((tags, page.next_token))
    })
    .await;
    match tags {
        Ok(tags) => {
            let sorted: BTreeMap<String, String> = tags
                .into_iter()
                .filter(|(key, _)| !key.starts_with("aws:"))
                .collect();
            let tags: Map<String, Value> = sorted
                .into_iter()
                .map(|(key, value)| (key, Value::from(value)))
                .collect();
            Ok(Some(Value::Object(tags)))
        }
        Err(error) if error.kind == CloudErrorKind::Denied => Ok(None),
        Err(error) => Err(error),
    }
}

/// Gives a plan the tags that it shall have (`TagResource`, `UntagResource`): nothing happens where nobody
/// named any, or where it has just these.
pub(super) async fn put_plan_tags(
    access: &Access,
    arn: &str,
    plan: &BackupPlan,
) -> Result<(), CloudError> {
    let Some(wanted) = plan.tags() else {
        return Ok(());
    };
    let held = plan_tags(access, arn).await?;
    let held = held.as_ref().and_then(Value::as_object);
    let value = |key: &str| held?.get(key)?.as_str();
    let set: BTreeMap<&str, &str> = wanted
        .iter()
        .filter(|(key, wanted)| value(key) != Some(**wanted))
        .map(|(key, wanted)| (*key, *wanted))
        .collect();
    if !set.is_empty() {
        access
            .call(Call::BackupTagResource, || {
                let mut call = access.clients.backup().tag_resource().resource_arn(arn);
                for (key, value) in &set {
                    call = call.tags(*key, *value);
                }
                call.send()
            })
            .await?;
    }
    let gone: Vec<String> = held
        .into_iter()
        .flatten()
        .map(|(key, _)| key.clone())
        .filter(|key| !wanted.contains_key(key.as_str()))
        .collect();
    if !gone.is_empty() {
        access
            .call(Call::BackupUntagResource, || {
                access
                    .clients
                    .backup()
                    .untag_resource()
                    .resource_arn(arn)
                    .set_tag_key_list(Some(gone.clone()))
                    .send()
            })
            .await?;
    }
    Ok(())
}
