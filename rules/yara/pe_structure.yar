// Windows programs whose shape, name or description gives them away.
// Each condition line ends with its name; the cases beside these rules hold a near miss for every name.
import "pe"
import "math"

rule pe_packed_unnamed
{
    meta:
        id = "pe-packed-unnamed"
        behaviour = "payload-download"
        severity = "medium"
        title_vi = "Chương trình Windows bị nén, mã hóa và không ghi tên nhà phát hành"
        title_en = "Packed Windows program without a publisher"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là chương trình Windows có vùng mã chạy bị mã hóa, chỉ khai báo vài hàm hệ thống, không có chữ ký số và không ghi nhà phát hành: dạng thường gặp của mã độc được che giấu."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is a Windows program whose code is encrypted, which declares only a handful of system functions, carries no signature and names no publisher: the usual shape of hidden malware."
        technique = "T1027.002 T1105"
        reference = "https://attack.mitre.org/techniques/T1027/002/"
        weight = "0.8"
    condition:
        uint16(0) == 0x5A4D // the rest is for programs only
        and pe.number_of_imported_functions <= 12 // when: few_imports
        and for any s in pe.sections : (s.characteristics & pe.SECTION_MEM_EXECUTE != 0 and s.raw_data_size >= 8192 and math.entropy(s.raw_data_offset, s.raw_data_size) >= 7.4) // when: encrypted_code
        and pe.data_directories[pe.IMAGE_DIRECTORY_ENTRY_SECURITY].size == 0 // when: unsigned
        and not defined pe.version_info["CompanyName"] // when: no_publisher
        and pe.overlay.size < 4096 // when: no_package
}

rule pe_document_name
{
    meta:
        id = "pe-document-name"
        behaviour = "payload-download"
        severity = "high"
        title_vi = "Chương trình đội lốt tài liệu bằng hai phần mở rộng"
        title_en = "Program posing as a document by a double extension"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là chương trình Windows nhưng tên có hai phần mở rộng kiểu tài liệu (ví dụ .pdf.exe) để lừa người mở."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is a Windows program, yet its name carries a document's extension before the real one (such as .pdf.exe) to trick whoever opens it."
        technique = "T1036.007 T1204.002"
        reference = "https://attack.mitre.org/techniques/T1036/007/"
        weight = "1.5"
    condition:
        uint16(0) == 0x5A4D // when: program
        and (filename matches /\.(pdf|docx?|xlsx?|pptx?|rtf|jpe?g|png|txt)[ _]*\.(exe|scr|com|pif)$/i or pe.version_info["OriginalFilename"] matches /\.(pdf|docx?|xlsx?|pptx?|rtf|jpe?g|png|txt)[ _]*\.(exe|scr|com|pif)$/i) // when: two_extensions
}

rule pe_false_system_name
{
    meta:
        id = "pe-false-system-name"
        behaviour = "payload-download"
        severity = "high"
        title_vi = "Chương trình mạo danh thành phần của Windows"
        title_en = "Program posing as a part of Windows"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} tự nhận là thành phần hệ thống của Microsoft nhưng không có chữ ký số và không mang dấu vết của bản gốc."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} claims to be a system component of Microsoft, but is not signed and lacks what the original carries."
        technique = "T1036.005"
        reference = "https://attack.mitre.org/techniques/T1036/005/"
        weight = "1.3"
    strings:
        $original = /(svchost|explorer|lsass|winlogon|csrss|services|rundll32|regsvr32|wscript|conhost|taskhostw?|spoolsv|dllhost|RuntimeBroker)\.pdb/ nocase
    condition:
        uint16(0) == 0x5A4D // the rest is for programs only
        and pe.version_info["CompanyName"] icontains "microsoft" // when: claims_microsoft
        and pe.version_info["OriginalFilename"] matches /^(svchost|explorer|lsass|winlogon|csrss|services|rundll32|regsvr32|wscript|conhost|taskhostw?|spoolsv|dllhost|RuntimeBroker)\.exe/i // when: claims_system_name
        and pe.data_directories[pe.IMAGE_DIRECTORY_ENTRY_SECURITY].size == 0 // when: unsigned
        and not $original // when: not_original
}

rule pe_carries_program
{
    meta:
        id = "pe-carries-program"
        behaviour = "payload-download"
        severity = "medium"
        title_vi = "Chương trình giấu một chương trình khác ở cuối tệp"
        title_en = "Program hiding another program behind its end"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là chương trình không chữ ký, phía sau phần chính nối thêm một chương trình khác và có lệnh để chạy nó."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is an unsigned program with another program appended, and it has what it needs to start it."
        technique = "T1027.009"
        reference = "https://attack.mitre.org/techniques/T1027/009/"
        weight = "0.9"
    condition:
        uint16(0) == 0x5A4D // the rest is for programs only
        and pe.overlay.size > 1024 // when: something_appended
        and uint16(pe.overlay.offset) == 0x5A4D // when: second_program
        and uint32(pe.overlay.offset + uint32(pe.overlay.offset + 0x3C)) == 0x00004550 // when: second_header
        and pe.imports(/kernel32|shell32/i, /^(CreateProcess[AW]|WinExec|ShellExecute(Ex)?[AW])$/) > 0 // when: starts_programs
        and pe.data_directories[pe.IMAGE_DIRECTORY_ENTRY_SECURITY].size == 0 // when: unsigned
        and not defined pe.version_info["CompanyName"] // when: no_publisher
}

rule pe_dotnet_loader
{
    meta:
        id = "pe-dotnet-loader"
        behaviour = "payload-download"
        severity = "medium"
        title_vi = "Chương trình .NET giải mã và chạy mã giấu trong bộ nhớ"
        title_en = ".NET program that decrypts and runs hidden code in memory"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là chương trình .NET không chữ ký, có đủ các bước giải mã một khối dữ liệu, nạp thành chương trình trong bộ nhớ rồi gọi điểm vào của nó."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is an unsigned .NET program with every step to decrypt a block of data, load it as a program in memory and call its entry point."
        technique = "T1620 T1140"
        reference = "https://attack.mitre.org/techniques/T1620/"
        weight = "1.2"
    strings:
        $entry = "get_EntryPoint" ascii fullword
        $load = "Load" ascii fullword
        $decrypt1 = "CreateDecryptor" ascii fullword
        $decrypt2 = "RijndaelManaged" ascii fullword
        $decrypt3 = "TripleDESCryptoServiceProvider" ascii fullword
        $unpack1 = "FromBase64String" ascii fullword
        $unpack2 = "GZipStream" ascii fullword
        $unpack3 = "DownloadData" ascii fullword
        $unpack4 = "GetManifestResourceStream" ascii fullword
    condition:
        pe.imports("mscoree.dll") > 0 // when: dotnet
        and $entry // when: entry_point
        and $load // when: load
        and any of ($decrypt*) // when: decrypts
        and any of ($unpack*) // when: unpacks
        and pe.data_directories[pe.IMAGE_DIRECTORY_ENTRY_SECURITY].size == 0 // when: unsigned
}

rule pe_autoit_unnamed
{
    meta:
        id = "pe-autoit-unnamed"
        behaviour = "payload-download"
        severity = "medium"
        title_vi = "Chương trình AutoIt không rõ nguồn gốc"
        title_en = "AutoIt program of unknown origin"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là kịch bản AutoIt đóng thành chương trình, không chữ ký số và không ghi nhà phát hành; mã độc hay dùng dạng này để tránh bị phát hiện."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is an AutoIt script made into a program, unsigned and without a publisher; malware likes this form because it escapes scanners."
        technique = "T1059.010"
        reference = "https://attack.mitre.org/techniques/T1059/010/"
        weight = "0.8"
    strings:
        $script = "AU3!EA06" ascii
        $engine = "AutoIt" ascii wide
    condition:
        uint16(0) == 0x5A4D // the rest is for programs only
        and $script // when: script
        and $engine // when: engine
        and pe.data_directories[pe.IMAGE_DIRECTORY_ENTRY_SECURITY].size == 0 // when: unsigned
        and not defined pe.version_info["CompanyName"] // when: no_publisher
}

rule autoit_script_alone
{
    meta:
        id = "autoit-script-alone"
        behaviour = "payload-download"
        severity = "medium"
        title_vi = "Kịch bản AutoIt đã biên dịch tải riêng"
        title_en = "Compiled AutoIt script on its own"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} chứa kịch bản AutoIt đã biên dịch mà không kèm chương trình: cách mã độc tải mã chạy tách rời với bộ máy AutoIt hợp lệ."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} holds a compiled AutoIt script without its program: malware fetches the script apart from a legitimate AutoIt engine."
        technique = "T1059.010 T1105"
        reference = "https://attack.mitre.org/techniques/T1059/010/"
        weight = "1.2"
    strings:
        $script = { A3 48 4B BE 98 6C 4A A9 99 4C 53 0A 86 D6 48 7D 41 55 33 21 45 41 30 36 }
    condition:
        $script // when: script
        and uint16(0) != 0x5A4D // when: no_program
}
