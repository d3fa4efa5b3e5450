//! Column builders and the macros that turn the vocabulary into row types.
//!
//! A row borrows from the decoder that emits it; pushing copies the bytes straight into the columns, so that an event
//! costs no allocation of its own.

use std::io::Write as _;
use std::net::IpAddr;
use std::sync::Arc;

use arrow_array::types::{Float64Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{ArrayRef, ArrowPrimitiveType, BooleanArray, ListArray, PrimitiveArray, StringArray};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{DataType, Field, TimeUnit};

use crate::time::Micros;

/// One column under construction: `push` a value or nothing, `finish` gives the array and starts anew.
pub trait Column: Default {
    /// What a row holds for this column.
    type Value<'a>;
    /// Adds one row's value.
    fn push(&mut self, value: Self::Value<'_>);
    /// The rows so far as an Arrow array; the column is empty afterwards.
    fn finish(&mut self) -> ArrayRef;
    /// The Arrow type of the array.
    fn data_type() -> DataType;
}

/// An empty vector with room for as much as `full` held: the next batch is about as large.
fn again<T>(full: &mut Vec<T>) -> Vec<T> {
    let empty = Vec::with_capacity(full.len());
    std::mem::replace(full, empty)
}

/// Which rows have no value. Most columns have one in every row or in none: rows without one at the end are only
/// counted, and those before another value are noted as runs.
#[derive(Default)]
struct Absent {
    /// First row and length.
    runs: Vec<(usize, usize)>,
    /// Rows behind the last value.
    waiting: usize,
}

impl Absent {
    /// The rows that wait stand behind `rows` others: notes them, and says how many they are.
    fn settle(&mut self, rows: usize) -> usize {
        let waiting = std::mem::take(&mut self.waiting);
        if waiting > 0 {
            self.runs.push((rows, waiting));
        }
        waiting
    }

    /// `None`: all of these rows have a value.
    fn finish(&mut self, rows: usize) -> Option<NullBuffer> {
        if self.runs.is_empty() {
            return None;
        }
        let mut bytes = vec![0xff_u8; rows.div_ceil(8)];
        for (first, length) in self.runs.drain(..) {
            clear(&mut bytes, first, first + length);
        }
        Some(NullBuffer::new(BooleanBuffer::new(Buffer::from_vec(bytes), 0, rows)))
    }
}

/// Clears the bits from `first` up to `end`.
fn clear(bytes: &mut [u8], first: usize, end: usize) {
    let mut at = first;
    while at < end {
        if at.is_multiple_of(8) && end - at >= 8 {
            let whole = (end - at) / 8;
            bytes[at / 8..at / 8 + whole].fill(0);
            at += 8 * whole;
        } else {
            bytes[at / 8] &= !(1 << (at % 8));
            at += 1;
        }
    }
}

struct Values<V> {
    values: Vec<V>,
    absent: Absent,
}

impl<V> Default for Values<V> {
    fn default() -> Self {
        Self { values: Vec::new(), absent: Absent::default() }
    }
}

impl<V: Clone + Default> Values<V> {
    #[inline]
    fn push(&mut self, value: Option<V>) {
        match value {
            Some(value) => {
                if self.absent.waiting > 0 {
                    self.settle();
                }
                self.values.push(value);
            }
            None => self.absent.waiting += 1,
        }
    }

    #[inline(never)]
    fn settle(&mut self) {
        let rows = self.values.len();
        let waiting = self.absent.settle(rows);
        self.values.resize(rows + waiting, V::default());
    }

    fn finish(&mut self) -> (Vec<V>, Option<NullBuffer>) {
        self.settle();
        // A column without any value needs no room for the next batch.
        let blank = self.absent.runs.first().is_some_and(|(_, length)| *length == self.values.len());
        let values = if blank { std::mem::take(&mut self.values) } else { again(&mut self.values) };
        let absent = self.absent.finish(values.len());
        (values, absent)
    }
}

struct Numbers<T: ArrowPrimitiveType>(Values<T::Native>);

impl<T: ArrowPrimitiveType> Default for Numbers<T> {
    fn default() -> Self {
        Self(Values::default())
    }
}

impl<T: ArrowPrimitiveType> Numbers<T> {
    #[inline]
    fn push(&mut self, value: Option<T::Native>) {
        self.0.push(value);
    }

    fn finish(&mut self) -> PrimitiveArray<T> {
        let (values, absent) = self.0.finish();
        PrimitiveArray::new(ScalarBuffer::from(values), absent)
    }
}

macro_rules! scalar {
    ($name:ident, $doc:literal, $value:ty, $native:ty, $type:expr, $convert:expr) => {
        #[doc = $doc]
        #[derive(Default)]
        pub struct $name(Numbers<$native>);
        impl Column for $name {
            type Value<'a> = Option<$value>;
            #[inline]
            fn push(&mut self, value: Self::Value<'_>) {
                self.0.push(value.map($convert));
            }
            fn finish(&mut self) -> ArrayRef {
                Arc::new(self.0.finish())
            }
            fn data_type() -> DataType {
                $type
            }
        }
    };
}

scalar!(Long, "64-bit whole numbers.", i64, Int64Type, DataType::Int64, |v| v);
scalar!(Port, "Port numbers.", u16, Int32Type, DataType::Int32, i32::from);
scalar!(Float, "Real numbers.", f64, Float64Type, DataType::Float64, |v| v);

/// Truth values.
#[derive(Default)]
pub struct Boolean(Values<bool>);

impl Column for Boolean {
    type Value<'a> = Option<bool>;
    #[inline]
    fn push(&mut self, value: Self::Value<'_>) {
        self.0.push(value);
    }
    fn finish(&mut self) -> ArrayRef {
        let (values, absent) = self.0.finish();
        Arc::new(BooleanArray::new(BooleanBuffer::from(values), absent))
    }
    fn data_type() -> DataType {
        DataType::Boolean
    }
}

/// Where the values of each row end, in a column whose rows are of different length.
#[derive(Default)]
struct Ends {
    ends: Vec<i32>,
    absent: Absent,
}

impl Ends {
    /// A row with values up to `end`.
    #[inline]
    fn push(&mut self, end: usize) {
        if self.absent.waiting > 0 {
            self.settle();
        }
        // Whoever adds values refuses what would not fit.
        self.ends.push(i32::try_from(end).unwrap_or(i32::MAX));
    }

    /// A row without.
    #[inline]
    fn pass(&mut self) {
        self.absent.waiting += 1;
    }

    #[inline(never)]
    fn settle(&mut self) {
        let rows = self.ends.len();
        let waiting = self.absent.settle(rows);
        let end = self.ends.last().copied().unwrap_or(0);
        self.ends.resize(rows + waiting, end);
    }

    fn finish(&mut self) -> (OffsetBuffer<i32>, Option<NullBuffer>) {
        self.settle();
        let absent = self.absent.finish(self.ends.len());
        let mut ends = Vec::with_capacity(1 + self.ends.len());
        ends.push(0);
        ends.append(&mut self.ends);
        // SAFETY: they begin with 0, and `push` is given the growing length of the values.
        (unsafe { OffsetBuffer::new_unchecked(ScalarBuffer::from(ends)) }, absent)
    }
}

/// Text of all rows, one behind the other. Only whole `str` get in.
#[derive(Default)]
struct Text {
    ends: Ends,
    bytes: Vec<u8>,
    rows: usize,
}

impl Text {
    /// Adds a row; what Arrow could no longer address (2 GiB in one batch) is left out.
    #[inline]
    fn push(&mut self, value: Option<&str>) {
        self.rows += 1;
        match value {
            Some(text) if self.bytes.len() + text.len() <= BYTES_MAX => {
                self.bytes.extend_from_slice(text.as_bytes());
                self.ends.push(self.bytes.len());
            }
            _ => self.ends.pass(),
        }
    }

    fn push_address(&mut self, address: IpAddr) {
        match address {
            IpAddr::V4(address) if self.bytes.len() + DOTTED_MAX <= BYTES_MAX => {
                push_dotted(address.octets(), &mut self.bytes);
                self.ends.push(self.bytes.len());
                self.rows += 1;
            }
            address => {
                let mut text = [0; ADDRESS_MAX];
                let mut rest = &mut text[..];
                // The longest address fits.
                let _ = write!(rest, "{address}");
                let length = ADDRESS_MAX - rest.len();
                self.push(std::str::from_utf8(&text[..length]).ok());
            }
        }
    }

    fn finish(&mut self) -> StringArray {
        self.rows = 0;
        let ((ends, absent), bytes) = (self.ends.finish(), Buffer::from_vec(again(&mut self.bytes)));
        // SAFETY: `push` appends whole `str` and notes where each ends, within what an offset can hold.
        unsafe { StringArray::new_unchecked(ends, bytes, absent) }
    }
}

/// Bytes that an offset of Arrow can address.
const BYTES_MAX: usize = i32::MAX as usize;

/// Text; bytes that are not UTF-8 have been escaped by [`crate::text::lossless`].
#[derive(Default)]
pub struct Keyword(Text);

impl Column for Keyword {
    type Value<'a> = Option<&'a str>;
    #[inline]
    fn push(&mut self, value: Self::Value<'_>) {
        self.0.push(value);
    }
    fn finish(&mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }
    fn data_type() -> DataType {
        DataType::Utf8
    }
}

/// Addresses, written as text straight into the column.
#[derive(Default)]
pub struct Ip(Text);

impl Column for Ip {
    type Value<'a> = Option<IpAddr>;
    #[inline]
    fn push(&mut self, value: Self::Value<'_>) {
        match value {
            Some(address) => self.0.push_address(address),
            None => self.0.push(None),
        }
    }
    fn finish(&mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }
    fn data_type() -> DataType {
        DataType::Utf8
    }
}

/// Letters of the longest address: an IPv4 one mapped into IPv6.
const ADDRESS_MAX: usize = 45;

/// Letters of the longest IPv4 address with a point behind it.
const DOTTED_MAX: usize = 16;

/// Each octet as text with a point behind it, and its length.
static OCTETS: [([u8; 4], u8); 256] = octets();

const fn octets() -> [([u8; 4], u8); 256] {
    let mut all = [([b'.'; 4], 0); 256];
    let mut octet = 0_u8;
    loop {
        let digits = [b'0' + octet / 100, b'0' + octet / 10 % 10, b'0' + octet % 10];
        let length = 1 + (octet >= 10) as u8 + (octet >= 100) as u8;
        let mut place = 0;
        while place < length {
            all[octet as usize].0[place as usize] = digits[(3 - length + place) as usize];
            place += 1;
        }
        all[octet as usize].1 = length + 1;
        if octet == 255 {
            return all;
        }
        octet += 1;
    }
}

/// Adds an IPv4 address as text. Every event has two: the general formatter would cost more than the rest of the row.
/// Written four bytes at a time and where they stay: copying what was just written by single bytes would stall.
fn push_dotted(octets: [u8; 4], bytes: &mut Vec<u8>) {
    let begin = bytes.len();
    bytes.extend_from_slice(&[0; DOTTED_MAX]);
    let mut end = begin;
    for octet in octets {
        let (text, length) = OCTETS[usize::from(octet)];
        if let Some(place) = bytes.get_mut(end..end + 4) {
            place.copy_from_slice(&text);
        }
        end += usize::from(length);
    }
    bytes.truncate(end - 1);
}

/// Times in UTC, microseconds.
#[derive(Default)]
pub struct Date(Numbers<TimestampMicrosecondType>);

impl Column for Date {
    type Value<'a> = Option<Micros>;
    #[inline]
    fn push(&mut self, value: Self::Value<'_>) {
        self.0.push(value.map(|time| time.0));
    }
    fn finish(&mut self) -> ArrayRef {
        Arc::new(self.0.finish().with_timezone("UTC"))
    }
    fn data_type() -> DataType {
        DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
    }
}

macro_rules! list {
    ($name:ident, $doc:literal, $item:ty, $values:ty, $type:expr, |$column:ident, $one:ident| $append:expr, |$full:ident| $length:expr) => {
        #[doc = $doc]
        #[derive(Default)]
        pub struct $name {
            ends: Ends,
            values: $values,
        }
        impl Column for $name {
            type Value<'a> = Option<&'a [$item]>;
            #[inline]
            fn push(&mut self, value: Self::Value<'_>) {
                let Some(value) = value else { return self.ends.pass() };
                let $column = &mut self.values;
                for $one in value {
                    $append;
                }
                let $full = &self.values;
                self.ends.push($length);
            }
            fn finish(&mut self) -> ArrayRef {
                let field = Arc::new(Field::new_list_field($type, true));
                let values = Arc::new(self.values.finish());
                let (ends, absent) = self.ends.finish();
                Arc::new(ListArray::new(field, ends, values, absent))
            }
            fn data_type() -> DataType {
                DataType::List(Arc::new(Field::new_list_field($type, true)))
            }
        }
    };
}

list!(
    KeywordList,
    "Lists of text.",
    String,
    Text,
    DataType::Utf8,
    |values, one| values.push(Some(one)),
    |values| values.rows
);
list!(
    LongList,
    "Lists of whole numbers.",
    i64,
    Numbers<Int64Type>,
    DataType::Int64,
    |values, one| values.push(Some(*one)),
    |values| values.0.values.len()
);
list!(
    IpList,
    "Lists of addresses.",
    IpAddr,
    Text,
    DataType::Utf8,
    |values, one| values.push_address(*one),
    |values| values.rows
);

macro_rules! column_type {
    (keyword) => {
        $crate::events::columns::Keyword
    };
    (ip) => {
        $crate::events::columns::Ip
    };
    (long) => {
        $crate::events::columns::Long
    };
    (port) => {
        $crate::events::columns::Port
    };
    (float) => {
        $crate::events::columns::Float
    };
    (boolean) => {
        $crate::events::columns::Boolean
    };
    (date) => {
        $crate::events::columns::Date
    };
    (keyword_list) => {
        $crate::events::columns::KeywordList
    };
    (long_list) => {
        $crate::events::columns::LongList
    };
    (ip_list) => {
        $crate::events::columns::IpList
    };
}

/// Row and columns of one set of fields.
macro_rules! rows {
    ($(#[$doc:meta])* $row:ident $columns:ident { $($(#[$field_doc:meta])* $field:ident : $kind:ident = $name:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Default)]
        pub struct $row<'a> {
            $($(#[$field_doc])* pub $field: <$crate::events::columns::column_type!($kind) as $crate::events::columns::Column>::Value<'a>,)*
            /// Keeps the lifetime where no field borrows.
            pub life: std::marker::PhantomData<&'a ()>,
        }

        /// The columns that rows of this kind are pushed into.
        #[derive(Default)]
        pub struct $columns {
            $($field: $crate::events::columns::column_type!($kind),)*
        }

        impl $columns {
            #[inline]
            fn push(&mut self, row: &$row<'_>) {
                use $crate::events::columns::Column as _;
                $(self.$field.push(row.$field);)*
            }
            fn finish(&mut self, into: &mut Vec<arrow_array::ArrayRef>) {
                use $crate::events::columns::Column as _;
                $(into.push(self.$field.finish());)*
            }
            fn fields(into: &mut Vec<arrow_schema::Field>) {
                use $crate::events::columns::Column as _;
                $(into.push(arrow_schema::Field::new($name, <$crate::events::columns::column_type!($kind)>::data_type(), true));)*
            }
        }
    };
}

macro_rules! base {
    ($(#[$doc:meta])* $row:ident $columns:ident { $($fields:tt)* }) => {
        $crate::events::columns::rows! { $(#[$doc])* $row $columns { $($fields)* } }
    };
}

macro_rules! dataset {
    ($(#[$doc:meta])* $row:ident $columns:ident $table:ident $name:literal { $($fields:tt)* }) => {
        $crate::events::columns::rows! { $(#[$doc])* $row $columns { $($fields)* } }

        impl $crate::events::Row for $row<'_> {
            const DATASET: &'static str = $name;
            #[inline]
            fn push(&self, base: &Base<'_>, events: &mut Events) {
                let table = events.$table.get_or_insert_default();
                table.base.push(base);
                table.own.push(self);
                table.rows += 1;
                events.rows += 1;
            }
        }
    };
}

macro_rules! datasets {
    ($($table:ident : $columns:ident $name:literal),* $(,)?) => {
        /// Rows of one dataset under construction.
        #[derive(Default)]
        struct Table<C> {
            base: BaseColumns,
            own: C,
            rows: usize,
        }

        /// Everything seen since the last [`Events::take`], one table a dataset.
        #[derive(Default)]
        pub struct Events {
            // Made when the first row comes: most sensors see a few of the datasets only.
            $($table: Option<Box<Table<$columns>>>,)*
            rows: usize,
        }

        impl Events {
            /// Rows held, all datasets together.
            #[must_use]
            pub fn rows(&self) -> usize {
                self.rows
            }

            /// The rows so far as one record batch a dataset that has any; starts anew.
            pub fn take(&mut self) -> Vec<(&'static str, arrow_array::RecordBatch)> {
                let mut batches = Vec::new();
                $(if let Some(table) = self.$table.as_deref_mut().filter(|table| table.rows > 0) {
                    static SCHEMA: std::sync::LazyLock<arrow_schema::SchemaRef> = std::sync::LazyLock::new(|| {
                        let mut fields = Vec::new();
                        BaseColumns::fields(&mut fields);
                        $columns::fields(&mut fields);
                        std::sync::Arc::new(arrow_schema::Schema::new(fields))
                    });
                    let mut arrays = Vec::with_capacity(SCHEMA.fields().len());
                    table.base.finish(&mut arrays);
                    table.own.finish(&mut arrays);
                    table.rows = 0;
                    let batch = arrow_array::RecordBatch::try_new(std::sync::Arc::clone(&SCHEMA), arrays);
                    debug_assert!(batch.is_ok(), "columns of one table have one length");
                    if let Ok(batch) = batch {
                        batches.push(($name, batch));
                    }
                })*
                self.rows = 0;
                batches
            }
        }
    };
}

pub(crate) use {base, column_type, dataset, datasets, rows};

#[cfg(test)]
mod tests {
    use super::{Boolean, Column, Keyword, KeywordList, Long, push_dotted};
    use arrow_array::cast::AsArray as _;
    use arrow_array::types::Int64Type;
    use arrow_array::{Array as _, ArrayRef};
    use proptest::prelude::*;
    use std::net::Ipv4Addr;

    /// What a column gives for these rows; it is used twice, as every batch but the first finds it.
    fn made<C: Column>(rows: &[usize], value: impl Fn(&mut C, usize)) -> ArrayRef {
        let mut column = C::default();
        rows.iter().for_each(|row| value(&mut column, *row));
        let _ = column.finish();
        rows.iter().for_each(|row| value(&mut column, *row));
        let array = column.finish();
        array.to_data().validate_full().unwrap();
        array
    }

    proptest! {
        #[test]
        fn addresses_are_written_as_the_library_does(octets: [u8; 4]) {
            let mut text = b"x".to_vec();
            push_dotted(octets, &mut text);
            prop_assert_eq!(String::from_utf8(text).unwrap(), format!("x{}", Ipv4Addr::from(octets)));
        }

        /// Rows without a value in any place, in runs of any length: 0 stands for none.
        #[test]
        fn columns_give_back_what_was_pushed(
            runs in prop::collection::vec((0_usize..3, 0_usize..20), 0..12)
        ) {
            let rows: Vec<usize> = runs.into_iter().flat_map(|(row, times)| vec![row; times]).collect();
            let present = |row: usize| (row > 0).then_some(row);
            let texts = ["", "one", "two"];
            let list = ["one".to_owned(), "two".to_owned()];
            let numbers = made::<Long>(&rows, |column, row| column.push(present(row).map(|row| row as i64)));
            let truths = made::<Boolean>(&rows, |column, row| column.push(present(row).map(|row| row == 1)));
            let words = made::<Keyword>(&rows, |column, row| column.push(present(row).map(|row| texts[row])));
            let lists = made::<KeywordList>(&rows, |column, row| column.push(present(row).map(|row| &list[..row])));
            let found: Vec<_> = numbers.as_primitive::<Int64Type>().iter().collect();
            prop_assert_eq!(found, rows.iter().map(|row| present(*row).map(|row| row as i64)).collect::<Vec<_>>());
            let found: Vec<_> = truths.as_boolean().iter().collect();
            prop_assert_eq!(found, rows.iter().map(|row| present(*row).map(|row| row == 1)).collect::<Vec<_>>());
            let found: Vec<_> = words.as_string::<i32>().iter().collect();
            prop_assert_eq!(found, rows.iter().map(|row| present(*row).map(|row| texts[row])).collect::<Vec<_>>());
            let found: Vec<_> = lists.as_list::<i32>().iter().map(|list| list.map(|list| list.len())).collect();
            prop_assert_eq!(found, rows.iter().map(|row| present(*row)).collect::<Vec<_>>());
        }
    }
}
