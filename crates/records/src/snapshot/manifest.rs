use serde::{Deserialize, Serialize};

/// `manifest-summary.json` of a full export, as DynamoDB writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ManifestSummary {
    /// `2020-06-30`.
    pub version: String,
    /// The export's ARN.
    pub export_arn: String,
    /// RFC 3339.
    pub start_time: String,
    /// RFC 3339.
    pub end_time: String,
    /// The table's ARN.
    pub table_arn: String,
    /// The table's id; empty where it is not known.
    pub table_id: String,
    /// The moment whose state it holds, RFC 3339; an incremental export has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub export_time: Option<String>,
    /// From when an incremental export holds changes, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub export_from_time: Option<String>,
    /// Until when it does, without that moment, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub export_to_time: Option<String>,
    /// The bucket.
    pub s3_bucket: String,
    /// What stands before `AWSDynamoDB/`.
    pub s3_prefix: Option<String>,
    /// `AES256` or `KMS`.
    pub s3_sse_algorithm: Option<String>,
    /// The key's id.
    pub s3_sse_kms_key_id: Option<String>,
    /// Name of `manifest-files.json`.
    pub manifest_files_s3_key: String,
    /// What AWS billed.
    pub billed_size_bytes: u64,
    /// Records.
    pub item_count: u64,
    /// `DYNAMODB_JSON`.
    pub output_format: String,
    /// `FULL_EXPORT`, which it is by default, or `INCREMENTAL_EXPORT`.
    #[serde(default)]
    pub export_type: Option<String>,
}

/// One line of `manifest-files.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ManifestFile {
    /// Records in the file.
    pub item_count: u64,
    /// MD5 of its bytes, base64.
    pub md5_checksum: String,
    /// Its entity tag, without quotes.
    pub etag: String,
    /// Its name in the bucket.
    pub data_file_s3_key: String,
}
