//! Sums over what AWS told. One account that tells nonsense must not make a query fail for all: a sum
//! that does not fit is the largest number that does.

/// SQL for the sum of a column or expression of bytes, none of them negative; 0 over nothing.
///
/// Both databases fail a query whose sum overflows, also where the sum stands in a branch that is not
/// taken. So the upper and the lower half are summed each for itself, which cannot overflow.
pub(crate) fn bytes(expression: &str) -> String {
    const HALF: &str = "4294967296";
    let upper = format!("SUM(({expression}) / {HALF})");
    let lower = format!("SUM(({expression}) % {HALF})");
    format!(
        "CAST(COALESCE(CASE WHEN {upper} + {lower} / {HALF} >= 2147483647 THEN 9223372036854775807 \
         ELSE {upper} * {HALF} + {lower} END, 0) AS BIGINT)"
    )
}
