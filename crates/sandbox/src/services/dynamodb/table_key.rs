use awsim_core::{AwsError, RequestContext};
use serde_json::Value;

/// A table in one account and Region.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct TableKey {
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) name: String,
}

impl TableKey {
    pub(crate) fn new(account: &str, region: &str, name: &str) -> Self {
        Self {
            account: account.to_owned(),
            region: region.to_owned(),
            name: name.to_owned(),
        }
    }

    /// The table that a member of a request names, by name or by ARN.
    pub(super) fn of(input: &Value, member: &str, ctx: &RequestContext) -> Result<Self, AwsError> {
        let text = input.get(member).and_then(Value::as_str).ok_or_else(|| {
            AwsError::bad_request(
                "ValidationException",
                format!("The parameter '{member}' is required but was not present in the request"),
            )
        })?;
        Ok(Self::new(&ctx.account_id, &ctx.region, name_of(text)))
    }

    pub(crate) fn arn(&self) -> String {
        format!(
            "arn:aws:dynamodb:{}:{}:table/{}",
            self.region, self.account, self.name
        )
    }
}

/// The name of a table given by name or by ARN.
pub(crate) fn name_of(text: &str) -> &str {
    match text.split_once(":table/") {
        Some((_, rest)) => rest.split('/').next().unwrap_or(rest),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_named_by_name_or_arn() {
        assert_eq!(name_of("orders"), "orders");
        assert_eq!(
            name_of("arn:aws:dynamodb:eu-west-1:111111111111:table/orders"),
            "orders"
        );
        assert_eq!(
            name_of("arn:aws:dynamodb:eu-west-1:111111111111:table/orders/stream/x"),
            "orders"
        );
    }
}
