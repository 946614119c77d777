use crate::plan::Finding;

/// ARNs per selection by AWS's quota.
const MOST_ARNS: usize = 500;
/// ARNs with a wildcard per selection by AWS's quota.
const MOST_PATTERNS: usize = 30;

/// What is wrong with a list of ARNs, whole or with a `*` at the end.
pub(super) fn arns(field: &str, arns: &[String]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let patterns = arns.iter().filter(|arn| arn.contains('*')).count();
    if arns.len() > MOST_ARNS || patterns > MOST_PATTERNS {
        findings.push(Finding::error(
            field,
            format!("must be at most {MOST_ARNS} ARNs, {MOST_PATTERNS} of them with a wildcard"),
            "Take resources by a tag instead, or divide them among several selections.",
        ));
    }
    for (index, arn) in arns.iter().enumerate() {
        let resource = arn.splitn(6, ':').nth(5).unwrap_or_default();
        let stem = arn.strip_suffix('*').unwrap_or(arn);
        let whole = arn.starts_with("arn:") && !resource.is_empty();
        // `arn:aws:dynamodb:*` names a whole service.
        let service = arn.starts_with("arn:") && arn.ends_with('*') && arn.split(':').count() >= 4;
        let inner = field == "Resources" && stem.contains('*') && !service_wide(stem);
        if arn != "*" && (!(whole || service) || inner) {
            findings.push(Finding::error(
                format!("{field}[{index}]"),
                "must be an ARN, whole or with a * at its end",
                "Copy the resource's ARN, or end its beginning with *.",
            ));
        }
    }
    findings
}

/// `arn:aws:dynamodb:*:*:table/` : Region and account may be stars.
fn service_wide(stem: &str) -> bool {
    let mut fields = stem.splitn(6, ':').skip(3);
    let star = |field: Option<&str>| field.is_none_or(|field| !field.contains('*') || field == "*");
    star(fields.next())
        && star(fields.next())
        && fields.next().is_none_or(|resource| !resource.contains('*'))
}
