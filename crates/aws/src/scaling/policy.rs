//! A target-tracking policy as JSON, under the API's own names, so that it can be kept and put back.

use aws_sdk_applicationautoscaling::{
    error::BuildError,
    types::{
        CustomizedMetricSpecification, MetricDimension, MetricStatistic, MetricType,
        PredefinedMetricSpecification, TargetTrackingScalingPolicyConfiguration as Configuration,
    },
};
use serde_json::{Map, Value, json};

/// The configuration as JSON; none when it holds what cannot be put back whole (metric maths).
pub(super) fn to_json(configuration: &Configuration) -> Option<String> {
    let mut fields = Map::new();
    fields.insert("TargetValue".into(), json!(configuration.target_value()));
    if let Some(metric) = configuration.predefined_metric_specification() {
        let mut value = json!({"PredefinedMetricType": metric.predefined_metric_type().as_str()});
        if let Some(label) = metric.resource_label() {
            value["ResourceLabel"] = json!(label);
        }
        fields.insert("PredefinedMetricSpecification".into(), value);
    }
    if let Some(metric) = configuration.customized_metric_specification() {
        if !metric.metrics().is_empty() {
            return None;
        }
        let dimensions: Vec<Value> = metric
            .dimensions()
            .iter()
            .map(|d| json!({"Name": d.name(), "Value": d.value()}))
            .collect();
        fields.insert(
            "CustomizedMetricSpecification".into(),
            json!({
                "MetricName": metric.metric_name(),
                "Namespace": metric.namespace(),
                "Dimensions": dimensions,
                "Statistic": metric.statistic().map(MetricStatistic::as_str),
                "Unit": metric.unit(),
            }),
        );
    }
    for (name, value) in [
        ("ScaleOutCooldown", configuration.scale_out_cooldown()),
        ("ScaleInCooldown", configuration.scale_in_cooldown()),
    ] {
        if let Some(value) = value {
            fields.insert(name.into(), json!(value));
        }
    }
    if let Some(off) = configuration.disable_scale_in() {
        fields.insert("DisableScaleIn".into(), json!(off));
    }
    Some(Value::Object(fields).to_string())
}

/// The configuration that the JSON tells; an error in words when it makes no sense.
pub(super) fn from_json(text: &str) -> Result<Configuration, String> {
    let value: Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
    let number = |name: &str| value[name].as_i64().and_then(|n| i32::try_from(n).ok());
    let mut builder = Configuration::builder()
        .set_target_value(value["TargetValue"].as_f64())
        .set_scale_out_cooldown(number("ScaleOutCooldown"))
        .set_scale_in_cooldown(number("ScaleInCooldown"))
        .set_disable_scale_in(value["DisableScaleIn"].as_bool());
    if let Some(metric) = value.get("PredefinedMetricSpecification") {
        builder = builder.predefined_metric_specification(predefined(metric).map_err(words)?);
    }
    if let Some(metric) = value.get("CustomizedMetricSpecification") {
        builder = builder.customized_metric_specification(customized(metric).map_err(words)?);
    }
    builder.build().map_err(words)
}

fn words(error: BuildError) -> String {
    error.to_string()
}

fn text(value: &Value, name: &str) -> Option<String> {
    value[name].as_str().map(str::to_owned)
}

fn predefined(value: &Value) -> Result<PredefinedMetricSpecification, BuildError> {
    PredefinedMetricSpecification::builder()
        .set_predefined_metric_type(value["PredefinedMetricType"].as_str().map(MetricType::from))
        .set_resource_label(text(value, "ResourceLabel"))
        .build()
}

fn customized(value: &Value) -> Result<CustomizedMetricSpecification, BuildError> {
    let mut dimensions = Vec::new();
    for dimension in value["Dimensions"].as_array().into_iter().flatten() {
        dimensions.push(
            MetricDimension::builder()
                .set_name(text(dimension, "Name"))
                .set_value(text(dimension, "Value"))
                .build()?,
        );
    }
    Ok(CustomizedMetricSpecification::builder()
        .set_metric_name(text(value, "MetricName"))
        .set_namespace(text(value, "Namespace"))
        .set_dimensions(Some(dimensions).filter(|d| !d.is_empty()))
        .set_statistic(value["Statistic"].as_str().map(MetricStatistic::from))
        .set_unit(text(value, "Unit"))
        .build())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_policy_survives_the_way_there_and_back() {
        let kept = json!({
            "TargetValue": 70.0,
            "PredefinedMetricSpecification": {"PredefinedMetricType": "DynamoDBReadCapacityUtilization"},
            "ScaleInCooldown": 60,
            "DisableScaleIn": true,
        });
        let configuration = from_json(&kept.to_string()).unwrap();
        let again: Value = serde_json::from_str(&to_json(&configuration).unwrap()).unwrap();
        assert_eq!(again, kept);
    }

    #[test]
    fn a_policy_without_a_target_is_refused() {
        assert!(from_json("{}").is_err());
        assert!(from_json("not json").is_err());
    }
}
