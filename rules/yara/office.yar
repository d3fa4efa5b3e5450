// Documents that run something when they are opened.

rule vba_auto_run
{
    meta:
        id = "vba-auto-run"
        behaviour = "phishing-doc"
        severity = "high"
        title_vi = "Tài liệu có macro tự chạy và gọi chương trình"
        title_en = "Document whose macro starts by itself and runs programs"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là tài liệu Office có macro tự chạy khi mở và gọi lệnh của hệ thống."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is an Office document whose macro starts when it is opened and calls system commands."
        technique = "T1566.001 T1204.002 T1059.005"
        reference = "https://attack.mitre.org/techniques/T1566/001/"
        weight = "1.3"
    strings:
        $project = { 5F 00 56 00 42 00 41 00 5F 00 50 00 52 00 4F 00 4A 00 45 00 43 00 54 00 }
        $auto1 = "AutoOpen" nocase
        $auto2 = "Auto_Open" nocase
        $auto3 = "Document_Open" nocase
        $auto4 = "Workbook_Open" nocase
        $auto5 = "AutoClose" nocase
        $auto6 = "Document_Close" nocase
        $run1 = "Shell" fullword nocase
        $run2 = "WScript.Shell" nocase
        $run3 = "URLDownloadToFile" nocase
        $run4 = "powershell" nocase
        $run5 = "ShellExecute" nocase
        $run6 = "winmgmts:" nocase
        $run7 = "MSXML2" nocase
        $run8 = "VirtualAlloc" nocase
    condition:
        uint32(0) == 0xE011CFD0 // when: document
        and $project // when: macro_project
        and any of ($auto*) // when: starts_by_itself
        and any of ($run*) // when: runs_programs
}

rule macro_under_plain_name
{
    meta:
        id = "macro-under-plain-name"
        behaviour = "phishing-doc"
        severity = "medium"
        title_vi = "Tài liệu có macro nhưng tên như tài liệu thường"
        title_en = "Document with a macro under the name of a plain one"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là tài liệu Office có macro nhưng mang phần mở rộng của tài liệu không có macro hoặc không có tên."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is an Office document with a macro that carries the extension of one without, or no name."
        technique = "T1566.001 T1036.008"
        reference = "https://attack.mitre.org/techniques/T1566/001/"
        weight = "0.8"
    strings:
        $content = "[Content_Types].xml"
        $macro1 = "word/vbaProject.bin"
        $macro2 = "xl/vbaProject.bin"
        $macro3 = "ppt/vbaProject.bin"
    condition:
        uint32(0) == 0x04034B50 // when: archive
        and $content // when: document
        and any of ($macro*) // when: macro
        and not extension matches /^(docm|dotm|xlsm|xlsb|xltm|xlam|pptm|potm|ppam|ppsm|zip)$/i // when: plain_name
}

rule xlm_hidden_sheet
{
    meta:
        id = "xlm-hidden-sheet"
        behaviour = "phishing-doc"
        severity = "high"
        title_vi = "Bảng tính có trang macro ẩn gọi chương trình"
        title_en = "Workbook with a hidden macro sheet that calls programs"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là bảng tính có trang macro kiểu cũ bị ẩn, tự chạy khi mở và gọi chương trình tải mã."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is a workbook with a hidden old-style macro sheet that starts by itself and calls downloading programs."
        technique = "T1566.001 T1059 T1218"
        reference = "https://attack.mitre.org/techniques/T1566/001/"
        weight = "1.3"
    strings:
        $sheet = { 85 00 ?? 00 ?? ?? ?? ?? (01 | 02) 01 }
        $auto1 = { 18 00 ?? 00 (20 | 21) 00 00 01 }
        $auto2 = "Auto_Open" nocase
        $run1 = "URLDownloadToFile" nocase
        $run2 = "ShellExecute" nocase
        $run3 = "regsvr32" nocase
        $run4 = "rundll32" nocase
        $run5 = "urlmon" nocase
        $run6 = "powershell" nocase
        $run7 = "mshta" nocase
    condition:
        uint32(0) == 0xE011CFD0 // when: document
        and $sheet // when: hidden_sheet
        and any of ($auto*) // when: starts_by_itself
        and any of ($run*) // when: runs_programs
}

rule xlm_sheet_in_workbook
{
    meta:
        id = "xlm-sheet-in-workbook"
        behaviour = "phishing-doc"
        severity = "medium"
        title_vi = "Bảng tính nén có trang macro kiểu cũ"
        title_en = "Packed workbook with an old-style macro sheet"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là bảng tính có trang macro kiểu cũ (XLM), ngày nay hầu như chỉ mã độc dùng, dưới tên của bảng tính thường."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is a workbook with an old-style (XLM) macro sheet, used today almost only by malware, under the name of a plain one."
        technique = "T1566.001"
        reference = "https://attack.mitre.org/techniques/T1566/001/"
        weight = "0.8"
    strings:
        $sheet = "xl/macrosheets/"
        $content = "[Content_Types].xml"
    condition:
        uint32(0) == 0x04034B50 // when: archive
        and $content // when: document
        and $sheet // when: macro_sheet
        and not extension matches /^(xlsb|xlam|zip)$/i // when: plain_name
}

rule rtf_equation_exploit
{
    meta:
        id = "rtf-equation-exploit"
        behaviour = "phishing-doc"
        severity = "high"
        title_vi = "Tài liệu RTF khai thác bộ soạn công thức của Office"
        title_en = "RTF document that exploits the equation editor of Office"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là tài liệu RTF tự cập nhật đối tượng nhúng của bộ soạn công thức cũ (lỗ hổng như CVE-2017-11882)."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is an RTF document that makes Office load an object of the old equation editor (flaws such as CVE-2017-11882)."
        technique = "T1203 T1566.001"
        reference = "https://attack.mitre.org/techniques/T1203/"
        weight = "2.0"
    strings:
        $rtf = { 7B 5C 72 74 }
        $object = "\\objdata" nocase
        $refresh1 = "\\objupdate" nocase
        $refresh2 = "\\objautlink" nocase
        $equation1 = "4571756174696f6e2e33" nocase
        $equation2 = "02ce020000000000c000000000000046" nocase
        $equation3 = "6571756174696f6e2e33" nocase
    condition:
        $rtf at 0 // when: rtf
        and $object // when: object
        and any of ($refresh*) // when: loads_by_itself
        and any of ($equation*) // when: equation
}

rule rtf_remote_template
{
    meta:
        id = "rtf-remote-template"
        behaviour = "phishing-doc"
        severity = "high"
        title_vi = "Tài liệu RTF kéo mẫu từ máy chủ bên ngoài"
        title_en = "RTF document that pulls its template from outside"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là tài liệu RTF mà khi mở sẽ tự tải mẫu từ một địa chỉ web."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is an RTF document that fetches its template from a web address when it is opened."
        technique = "T1221"
        reference = "https://attack.mitre.org/techniques/T1221/"
        weight = "1.6"
    strings:
        $rtf = { 7B 5C 72 74 }
        $template = /\\\*\\template\s+https?:\/\//  nocase
    condition:
        $rtf at 0 // when: rtf
        and $template // when: remote_template
}

rule office_remote_relation
{
    meta:
        id = "office-remote-relation"
        behaviour = "phishing-doc"
        severity = "high"
        title_vi = "Tài liệu Office kéo mẫu hoặc đối tượng từ bên ngoài"
        title_en = "Office document that pulls a template or object from outside"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} khai báo mẫu hoặc đối tượng nằm ở một địa chỉ web; Office tự tải khi mở tài liệu."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} declares a template or object at a web address; Office fetches it when the document is opened."
        technique = "T1221"
        reference = "https://attack.mitre.org/techniques/T1221/"
        weight = "1.4"
    strings:
        $relation = /officeDocument\/2006\/relationships\/(attachedTemplate|oleObject|frame)"/
        $target = /Target="(mhtml:)?https?:\/\/[^"]{4,200}"/ nocase
        $external = "TargetMode=\"External\"" nocase
    condition:
        $relation // when: template_or_object
        and $target // when: web_address
        and $external // when: external
}

rule document_dde_command
{
    meta:
        id = "document-dde-command"
        behaviour = "phishing-doc"
        severity = "high"
        title_vi = "Tài liệu dùng DDE để chạy lệnh"
        title_en = "Document that runs a command through DDE"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} chứa trường DDE gọi dòng lệnh của Windows."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} holds a DDE field that calls a command of Windows."
        technique = "T1559.002"
        reference = "https://attack.mitre.org/techniques/T1559/002/"
        weight = "1.5"
    strings:
        $field1 = /\bDDE(AUTO)?\b.{1,80}(cmd|powershell|mshta|regsvr32|rundll32)(\.exe)?/ nocase
        $field2 = /[=+@-](cmd|msexcel|powershell|mshta)(\.exe)?\|['" ]/ nocase
        $argument1 = /\/[ck] / nocase
        $argument2 = "http" nocase
        $page = "<html" nocase
    condition:
        any of ($field*) // when: field
        and any of ($argument*) // when: argument
        and not $page // when: not_a_page
}

rule onenote_script
{
    meta:
        id = "onenote-script"
        behaviour = "phishing-doc"
        severity = "high"
        title_vi = "Sổ tay OneNote giấu kịch bản hoặc chương trình"
        title_en = "OneNote notebook hiding a script or program"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là sổ tay OneNote có tệp nhúng là chương trình hoặc kịch bản chạy lệnh."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is a OneNote notebook with an embedded program or a script that runs commands."
        technique = "T1566.001 T1204.002"
        reference = "https://attack.mitre.org/techniques/T1566/001/"
        weight = "1.5"
    strings:
        $object = { E7 16 E3 BD 65 26 11 45 A4 C4 8D 4D 0B 7A 9E AC }
        $program = { E7 16 E3 BD 65 26 11 45 A4 C4 8D 4D 0B 7A 9E AC [20] 4D 5A }
        $script1 = "WScript.Shell" nocase
        $script2 = "powershell" nocase
        $script3 = "<script" nocase
        $script4 = "@echo off" nocase
        $script5 = "CreateObject(" nocase
        $script6 = "cmd.exe /c" nocase
    condition:
        uint32(0) == 0x7B5C52E4 // when: notebook
        and $object // when: embedded_file
        and ($program or any of ($script*)) // when: runs
}

rule pdf_launch_command
{
    meta:
        id = "pdf-launch-command"
        behaviour = "phishing-doc"
        severity = "high"
        title_vi = "Tài liệu PDF tự chạy lệnh"
        title_en = "PDF document that runs a command by itself"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là tài liệu PDF tự gọi dòng lệnh của Windows khi mở."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is a PDF document that calls a Windows command when it is opened."
        technique = "T1204.002"
        reference = "https://attack.mitre.org/techniques/T1204/002/"
        weight = "1.5"
    strings:
        $start1 = "/OpenAction"
        $start2 = "/AA"
        $launch = /\/S\s*\/Launch/
        $command = /(cmd|powershell|mshta|wscript)(\.exe)?/ nocase
    condition:
        uint32(0) == 0x46445025 // when: pdf
        and any of ($start*) // when: by_itself
        and $launch // when: launches
        and $command // when: command
}
