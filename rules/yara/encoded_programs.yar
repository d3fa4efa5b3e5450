// Windows programs sent in disguise: the receiver must decode them, so nobody sends them like this by accident.

rule pe_xor_encoded
{
    meta:
        id = "pe-xor-encoded"
        behaviour = "payload-download"
        severity = "high"
        title_vi = "Chương trình Windows bị che bằng phép XOR"
        title_en = "Windows program hidden by XOR"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} chứa một chương trình Windows bị che bằng phép XOR một byte để qua mặt bộ lọc."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} holds a Windows program hidden by a one-byte XOR to get past filters."
        technique = "T1027.013 T1105"
        reference = "https://attack.mitre.org/techniques/T1027/013/"
        weight = "4.0"
        deterministic = "true"
    strings:
        $stub = "This program cannot be run in DOS mode" xor(0x01-0xff)
        $call1 = "GetProcAddress" xor(0x01-0xff)
        $call2 = "LoadLibraryA" xor(0x01-0xff)
        $call3 = "KERNEL32.dll" xor(0x01-0xff)
        $call4 = "kernel32.dll" xor(0x01-0xff)
        $call5 = "mscoree.dll" xor(0x01-0xff)
    condition:
        $stub // when: dos_stub
        and any of ($call*) // when: windows_calls
        and uint16(0) != 0x5A4D // when: not_a_program
}

rule pe_base64_encoded
{
    meta:
        id = "pe-base64-encoded"
        behaviour = "payload-download"
        severity = "medium"
        title_vi = "Chương trình Windows viết dưới dạng Base64"
        title_en = "Windows program written as Base64"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là văn bản chứa trọn một chương trình Windows viết dưới dạng Base64; kịch bản sẽ giải mã rồi chạy."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is text that holds a Windows program as Base64; a script will decode and run it."
        technique = "T1027.013 T1140"
        reference = "https://attack.mitre.org/techniques/T1027/013/"
        weight = "1.4"
    strings:
        $head1 = "TVqQAAMAAAAEAAAA"
        $head2 = "TVpQAAIAAAAEAA8A"
        $head3 = "TVoAAAAAAAAAAAAA"
        $head4 = "TVqAAAEAAAAEABAA"
        $head5 = "TVpBUlVIieVIgewg"
        $stub = "This program cannot be run" base64
        $mail = "Content-Transfer-Encoding:" nocase
    condition:
        any of ($head*) // when: header
        and $stub // when: dos_stub
        and uint16(0) != 0x5A4D // when: not_a_program
        and not $mail // when: not_mail
}

rule pe_base64_reversed
{
    meta:
        id = "pe-base64-reversed"
        behaviour = "payload-download"
        severity = "high"
        title_vi = "Chương trình Windows viết ngược dưới dạng Base64"
        title_en = "Windows program as reversed Base64"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} chứa một chương trình Windows viết dưới dạng Base64 rồi đảo ngược để không bị nhận ra."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} holds a Windows program as Base64 written backwards so that it is not recognised."
        technique = "T1027.013 T1140"
        reference = "https://attack.mitre.org/techniques/T1027/013/"
        weight = "4.0"
        deterministic = "true"
    strings:
        $head1 = "AAAAEAAAAMAAQqVT"
        $head2 = "A8AAEAAAAIAAQpVT"
        $head3 = "AAAAAAAAAAAAAoVT"
        $stub1 = "yBSZiBCdv5mbhNGItFmcn9mc"
        $stub2 = "ncgUmYgQ3bu5WYjBSbhJ3ZvJ"
        $stub3 = "JHIlJGI09mbuF2Yg0WYyd2by"
    condition:
        any of ($head*) // when: header
        and any of ($stub*) // when: dos_stub
}

rule pe_hex_encoded
{
    meta:
        id = "pe-hex-encoded"
        behaviour = "payload-download"
        severity = "medium"
        title_vi = "Chương trình Windows viết dưới dạng số thập lục phân"
        title_en = "Windows program written as hexadecimal digits"
        explanation_vi = "Tệp {file} ({size} byte) giữa máy {machine} và {peer} là văn bản chứa một chương trình Windows viết bằng chữ số thập lục phân."
        explanation_en = "The file {file} ({size} bytes) between {machine} and {peer} is text that holds a Windows program as hexadecimal digits."
        technique = "T1027.013 T1140"
        reference = "https://attack.mitre.org/techniques/T1027/013/"
        weight = "1.4"
    strings:
        $head = /4d5a(90000300000004000000|50000200000004000f00|00000000000000000000|80000100000004001000)/ nocase
        $stub = "546869732070726f6772616d2063616e6e6f74" nocase
    condition:
        $head // when: header
        and $stub // when: dos_stub
}
