use awsim_core::RequestContext;
use serde_json::{Value, json};

use super::{Dynamo, Stream};
use crate::services::dynamodb::table_key::name_of;

impl Dynamo {
    /// `ListStreams`.
    pub(in crate::services::dynamodb) fn list_streams(
        &self,
        input: &Value,
        ctx: &RequestContext,
    ) -> Value {
        let text = |member: &str| input.get(member).and_then(Value::as_str);
        let table = text("TableName").map(name_of);
        let start = text("ExclusiveStartStreamArn").unwrap_or_default();
        let limit = input
            .get("Limit")
            .and_then(Value::as_u64)
            .and_then(|limit| usize::try_from(limit).ok())
            .unwrap_or(100)
            .clamp(1, 100);
        let known = self.registry.lock();
        let mut found: Vec<&Stream> = known
            .streams
            .values()
            .filter(|stream| {
                stream.table.account == ctx.account_id
                    && stream.table.region == ctx.region
                    && table.is_none_or(|table| table == stream.table.name)
                    && stream.arn.as_str() > start
            })
            .collect();
        found.sort_by(|a, b| a.arn.cmp(&b.arn));
        let more = found.len() > limit;
        found.truncate(limit);
        let mut answer = json!({
            "Streams": found
                .iter()
                .map(|stream| json!({
                    "StreamArn": stream.arn,
                    "StreamLabel": stream.label,
                    "TableName": stream.table.name,
                }))
                .collect::<Vec<_>>(),
        });
        if let Some(last) = found.last().filter(|_| more) {
            answer["LastEvaluatedStreamArn"] = json!(last.arn);
        }
        answer
    }
}
