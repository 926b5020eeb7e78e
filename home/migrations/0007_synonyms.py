"""What citizens type for the words of a kecamatan's pages: the table, and its first rows for every office."""

from django.db import migrations, models

#: "typed, typed otherwise = on the pages"; nothing on the right: not searched for beside other words. With + before it,
#: pages of services come first.
ROWS = """
+ cara, carane, caranya, tata cara, gimana, gmn, bagaimana, bagaimana cara, piye, kepiye, pripun =
+ bikin, mbikin, bikinin, buat, buatin, membuat, pembuatan, gawe, nggawe, gawekake, damel =
+ urus, ngurus, ngurusi, ngurusin, mengurus, pengurusan, kepengurusan =
+ syarat, syarate, syaratnya, persyaratan, butuh apa, dokumen apa =
+ minta, njaluk, jaluk, nyuwun, nedha =
baru, anyar, terbaru, enggal =
saya, aku, kula, kulo, inyong, kami, kita, gue =
mau, ingin, pengin, pengen, arep, ajeng, badhe, hendak, perlu, butuh, kudu, harus =
bisa, bisakah, boleh, bolehkah, isa, iso, saged =
apa, apakah, apa saja, opo, napa, nopo, menopo, yaiku, adakah =
siapa, sapa, sopo, sinten =
kapan, kapan ya, kapan jadwal =
di mana, dimana, ning endi, nang endi, neng endi, ngendi, nang ngendi, ning ngendi, teng pundi, kemana =
berapa, pira, piro, pinten, berapa ya =
tolong, mohon, min, admin, pak, bu, mas, mbak, kak, gan, dong, ya, yah, nggih, sih, kok, deh =
+ minta informasi, njaluk informasi, minta data, mohon informasi = permohonan informasi
info, informasi tentang, tanya, mau tanya, nanya, takon =
gak, ga, nggak, enggak, ndak, ora, mboten =
+ KTP, kartu tanda penduduk, e-KTP, eKTP, KTP-el, KTPel, KTP elektronik = KTP
+ KTP anak, kartu anak, KIA, identitas anak = kartu identitas anak
+ KK, kartu keluarga, kartu KK = kartu keluarga, KK
+ pecah, pisah = perubahan, perubahan kartu keluarga
+ akte, akteh, akta = akta
+ akte lahir, akta lahir, akte lairan, surat lahir, surat lairan = akta kelahiran
+ akte mati, akta mati, surat mati, akte pati = akta kematian, surat kematian
+ lairan, lahiran, babaran = kelahiran
+ pati, seda, kesedan, wafat, meninggal, meninggal dunia = kematian
+ layang, layange, srat, serat = surat
+ SKTM, surat miskin, surat tidak mampu, keterangan miskin = surat keterangan tidak mampu
+ SKU, surat usaha, ijin usaha, izin usaha, keterangan usaha = surat keterangan usaha
+ SKCK, kelakuan baik, surat kelakuan baik, catatan kepolisian = SKCK, catatan kepolisian
+ PBB, pajak bumi, pajak tanah, pajak rumah, pajeg lemah, pajek lemah = pajak bumi bangunan, PBB
+ pajek, pajeg = pajak
+ SPPT = SPPT, pajak bumi bangunan
+ NIB, OSS = izin berusaha, izin usaha
+ pindahan, boyongan, domisili, mutasi, mutasi penduduk, pindah alamat, pindah rumah, pindah domisili, pindah penduduk = pindah
+ legalisir, dilegalisir, cap, stempel, cap stempel, legalisasi = legalisasi, pengesahan
+ nikahan, rabi, kawin, kawinan, mantu, ngunduh mantu, krama, palakrama = nikah
+ KUA = kantor urusan agama
+ hajatan, duwe gawe, ewuh, hiburan, orkes, dangdutan, pentas, tontonan, rame rame, keramaian = keramaian, acara
+ waris, warisan, ahli waris, tinggalan = waris
+ hilang, ilang, kelangan, ketriwal, ketlingsut = hilang, kehilangan
+ ganti, ngganti, ngganteni = ganti, perubahan
+ antri, antre, ngantri, nomer antrian, nomor antrian = antrean
+ jam buka, buka jam, jam kerja, jam kantor, jam layanan, jam pelayanan, jam operasional, jam piro, jam pira, jam berapa = jam layanan
+ buka, bukak, mbukak, buka gak, buka tidak = jam layanan, dibuka
+ jam tutup, tutup jam = jam layanan
+ telepon, telpon, telp, tlp, tilpun, WA, whatsapp, nomer WA, nomor WA, nomor telepon, nomer telepon, nomer telpon, nomor telpon, nomor HP, nomer HP, call center = kontak, hubungi, menghubungi
+ email, surel, alamat email = kontak, surel
+ lokasi, maps, peta lokasi, alamat, alamate = alamat
+ kantor camat, kantor kecamatan = kantor kecamatan
+ biaya, tarif, bayar berapa, ragad, ongkos, regane, apakah bayar = biaya, gratis, pungut
nomer = nomor
bansos, bantuan sosial, bantuan pemerintah = bantuan sosial, bantuan pangan, BLT, bantuan langsung tunai
BLT, bantuan langsung tunai, bantuan tunai = BLT, bantuan langsung tunai
PKH, BPNT = bantuan, bantuan pangan
sembako, sembako murah, pasar murah = pangan, bahan pokok, pangan murah
beras, wos, uwos = beras
duit, duwit, dhuwit, yotro = uang, biaya
dandan, ndandani, benerin, rusak = perbaikan, rusak
dalan, ratan = jalan
banyu, toya = air
lemah, siti = tanah
omah, griya = rumah
sawahan, sabin = sawah
pari, pantun = padi
bocah, lare = anak
bayi, baby, jabang bayi = balita, bayi
wong, tiyang = orang, warga
lara, gerah, sakit = sakit
sinau = belajar
sekolahan, pawiyatan = sekolah
siswa, murid = murid, siswa
PPDB, SPMB, daftar sekolah, masuk sekolah = penerimaan murid, penerimaan siswa
kursus, diklat, bimtek = pelatihan
loker, lowongan, lowongan kerja, gawean, kerjaan = lowongan, pelatihan kerja
wektu, wanci = waktu, jadwal
dina, dinten = hari
prei, preinan, libur, liburan, cuti = libur, tutup
wadul, sambat, komplain, keluhan, aduan, lapor = pengaduan
coblosan, nyoblos, pilpres, pilkada, pileg, pemilu = pemilu, pemilih, pemilihan
agustusan, 17 agustus, 17an, pitulasan, tujuhbelasan = kemerdekaan, HUT Republik
HUT, ulang tahun, ultah = HUT, hari jadi
mati lampu, listrik mati, listrik padam, oglangan = pemadaman listrik, listrik
lomba, pertandingan, kompetisi = lomba, kejuaraan, pertandingan
kades, lurah, pak lurah, bu lurah = kepala desa
BUMDes, BUM Desa = BUM Desa
jumantik, DBD, demam berdarah = demam berdarah, nyamuk
kerja bakti, kerigan, gugur gunung, sambatan = kerja bakti, gotong royong
angin ribut, angin puting beliung, lesus, puting beliung = angin kencang
download, donlot, ngunduh, undhuh = unduhan
formulir, blanko, blangko, form = formulir, blangko, unduhan
hoax, hoak, hoaks, berita palsu = hoaks
sertipikat = sertifikat
photo, poto = foto
HP, hape = telepon
online, daring = daring
"""


def add_rows(apps, schema_editor):
    model = apps.get_model("home.Synonym")
    rows = []
    for line in ROWS.strip().splitlines():
        written, meant = line.removeprefix("+").split("=")
        rows.append(
            model(written=written.strip(), meant=meant.strip(), services_first=line.startswith("+"))
        )
    model.objects.bulk_create(rows)


class Migration(migrations.Migration):

    dependencies = [
        ('home', '0006_facts_of_the_office'),
    ]

    operations = [
        migrations.CreateModel(
            name='Synonym',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('written', models.CharField(help_text='Satu kata atau lebih, beberapa ejaan dipisahkan dengan koma. Misalnya: akte, akteh.', max_length=300, unique=True, verbose_name='yang diketik warga')),
                ('meant', models.CharField(blank=True, help_text='Beberapa kemungkinan dipisahkan dengan koma. Misalnya: akta. Kosongkan bila kata itu tidak perlu dicari selama ada kata lain, misalnya: cara, bikin.', max_length=200, verbose_name='kata pada halaman situs')),
                ('services_first', models.BooleanField(default=False, help_text='Centang bila orang yang mengetik kata ini bertanya tentang layanan: halaman layanan dan kontak tampil sebelum berita.', verbose_name='layanan dan jam buka didahulukan')),
            ],
            options={
                'verbose_name': 'padanan kata',
                'verbose_name_plural': 'padanan kata',
                'ordering': ['written'],
            },
        ),
        migrations.RunPython(add_rows, migrations.RunPython.noop),
    ]
