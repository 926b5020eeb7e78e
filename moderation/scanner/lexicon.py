"""The words that rules begin from: single words in small letters, one set for each meaning."""


def words(written: str) -> frozenset[str]:
    """Return the words of a line as a set."""
    return frozenset(written.split())


BIRTH = words("lahir lhr ttl kelahiran dilahirkan")

CHILD = words(
    "anak anaknya ananda siswa siswi siswanya siswinya murid muridnya pelajar santri santriwati balita balitanya bayi"
    " bayinya batita baduta bocah remaja putra putri putranya putrinya cucu cucunya yatim"
)

ILLNESS = words(
    "sakit menderita diderita mengidap idap penderita pengidap penyintas didiagnosis didiagnosa diagnosis diagnosa"
    " divonis positif dirawat rawat opname hiv aids odha tbc tb tuberkulosis stunting gizi kanker tumor diabetes diabet"
    " stroke struk hipertensi hepatitis demam dbd tifus tipes covid corona kusta lepra epilepsi ayan gangguan"
    " jiwa odgj skizofrenia depresi lumpuh kelumpuhan difabel disabilitas cacat tunanetra tunarungu tunawicara"
    " tunadaksa tunagrahita tuna buta tuli bisu ginjal jantung katarak glaukoma hidrosefalus syndrome sindrom autis"
    " autisme keguguran penyakit penyakitnya paru asma bronkitis pneumonia leukemia talasemia thalasemia polio"
    " leptospirosis"
    " malaria cikungunya campak difteri meningitis lupus parkinson alzheimer demensia pikun kemoterapi dioperasi"
    " diamputasi amputasi patah hamil bumil risti preeklampsia anemia maag gerd liver osteoporosis obesitas celebral"
    " cerebral palsy mikrosefali sumbing hernia prostat miom kista wasir varises hemodialisis berobat pasien"
)

#: These are an illness only before certain words: "gizi buruk", and not "gizi seimbang".
ILLNESS_BEFORE = {
    "gizi": words("buruk kurang"),
    "gangguan": words(
        "jiwa mental kejiwaan penglihatan pendengaran bicara ginjal jantung pernapasan psikologis saraf"
        " syaraf pencernaan tiroid bipolar kecemasan"
    ),
    "tuna": words("netra rungu wicara daksa grahita ganda"),
    "jiwa": frozenset(),
    "demam": words("berdarah tinggi tifoid"),
    "rawat": words("inap jalan"),
    "positif": words("covid hiv dbd tbc tb hepatitis corona leptospirosis malaria hamil mengidap terinfeksi"),
    "patah": words("tulang kaki tangan"),
    "syndrome": frozenset(),
    "sindrom": words("down nefrotik"),
    "palsy": frozenset(),
    "diagnosis": frozenset(),
}

#: Kinds of schools; who is named as coming from one is a child.
SCHOOL = words("tk ra paud kb sd sdn sdit mi min mis smp smpn smpit mts mtsn sma sman smk smkn ma man slb tpq")

CASE = words(
    "korban saksi tersangka terdakwa terlapor narapidana kekerasan pencabulan dicabuli mencabuli pemerkosaan perkosaan"
    " diperkosa memperkosa pelecehan dilecehkan melecehkan persetubuhan disetubuhi menyetubuhi penganiayaan dianiaya"
    " menganiaya pengeroyokan dikeroyok mengeroyok perundungan dirundung merundung bullying pembunuhan dibunuh"
    " penculikan diculik penelantaran ditelantarkan pencurian mencuri tawuran hukum abh pelaku pemukulan dipukuli"
    " pembegalan begal eksploitasi dieksploitasi diperdagangkan pemalakan dipalak sodomi disodomi"
)

HOME = words(
    "rumah rumahnya rmh kediaman kediamannya tinggal domisili berdomisili alamat alamatnya beralamat kos kost indekos"
    " kontrakan almarhum almarhumah ahli korban pelaku tersangka pasien penerima nama lansia janda yatim tersebut"
    " pemilik milik keluarga bertempat ktp"
)

DOCUMENTS = words("paspor passport akta akte nikah cerai kematian nopol plat pelat polisi pol tnkb")

OFFICE = words(
    "camat sekcam bupati gubernur wali walikota kepala kades kadus kasi kasubbag kasubag kabid kadin lurah kapolsek"
    " kapolres danramil dandim kanit sekretaris sekdes sekda bendahara plt plh pj bidan dokter dr drg perawat"
    " ketua guru"
    " narasumber pemateri penyuluh babinsa bhabinkamtibmas serka serda sertu serma koptu kopda praka pratu kapten lettu"
    " letda mayor letkol kolonel aiptu aipda bripka brigadir brigpol briptu bripda ipda iptu akp kompol akbp"
    " koordinator"
    " pendamping pengurus pembina panitia direktur manajer staf petugas kader relawan anggota wakil modin kaur kasun"
    " carik instruktur pelatih psikolog ustaz ustadz kiai kyai tokoh juru humas pengawas penilik fasilitator operator"
    " analis ahli nutrisionis sanitarian apoteker"
)

#: The first words of what says what a number is the number of (``labels.py``).
LABEL = words(
    "nik n nomor ktp kk kartu npwp no norek norekening rek rekening bri bni bca bsi btn mandiri bank bkk bpr va virtual"
    " seabank muamalat danamon cimb permata bjb simpedes tabungan kks a an atas hp handphone wa whatsapp tel telp"
    " telepon tlp ponsel gawai kontak hubungi menghubungi hub cp sms japri narahubung bpjs jkn kis kpj jamkesmas"
    " jamkesda sim nisn kupon undian hadiah resi tiket seri serial register registrasi invoice faktur barcode imei nib"
    " npsn nss batch surat nop nuptk agenda kode sertifikat kontrak zoom rapat sp spm spp spk spj sppt dpa rka sk"
    " keputusan perbup perda isbn issn akta akte nikah paspor id meter rangka mesin inventaris"
)

ALL_CUES = LABEL | OFFICE | BIRTH | CHILD | SCHOOL | ILLNESS | CASE | HOME | DOCUMENTS

#: Provinces and large cities, with their points of the compass: a name in a text that is nobody's.
PLACES = words("jawa barat tengah timur solo surakarta semarang jakarta yogyakarta surabaya bandung indonesia")

#: Common words with which a sentence may open in front of a name.
OPENERS = words(
    "namun selain setelah sebelum sementara sedangkan kini kondisi jenazah pasien korban warga almarhum"
    " almarhumah kakek"
    " nenek mbah pak bu mas mbak ibu bapak adik kakak suami istri anak cucu ananda balita bayi lansia penderita janda"
    " menurut bantuan untuk bagi sdr sdri saudara saudari ny tn nn nama alm almh dan juga lalu kemudian diketahui saat"
    " ketika usai sejak alhamdulillah"
)

#: Words with a capital that are no part of a person's name: offices, institutions, kinds of places, days, programmes.
NO_NAMES = PLACES | words(
    "desa dusun dukuh dk dsn kelurahan kecamatan kabupaten kota provinsi kel kec kab prov jalan jl gang gg perum"
    " perumahan kampung lingkungan rt rw rumah sakit rsud rs rsjd rsu puskesmas pustu poskesdes posyandu"
    " polindes klinik"
    " apotek"
    " posbindu dinas badan kantor balai bpbd damkar pmi polsek polres polda koramil kodim tni polri kua kemenag"
    " dukcapil disdukcapil diskominfo dinkes dinsos kementerian bupati wakil camat sekcam lurah kades gubernur presiden"
    " menteri kepala ketua sekretaris bendahara anggota kader bidan dokter perawat guru kasi kasubbag staf plt plh"
    " sekda penjabat pemerintah pemkab pemprov pemdes tim satgas relawan panitia sd sdn sdit mi min mis smp smpn smpit"
    " mts mtsn sma sman smk smkn ma man tk ra kb paud slb tpq tpa pondok pesantren ponpes universitas uns sekolah"
    " madrasah kelas yayasan koperasi bumdes bank pt cv ud toko pasar masjid musala mushola gereja makam lapangan"
    " pendapa pendopo aula gedung taman embung waduk sungai bendungan program gerakan hari bulan tahun lomba juara"
    " festival turnamen piala hut ri pkk tp pokja karang taruna pramuka kwarran gapoktan poktan kelompok kpm pkh blt"
    " bpnt bansos jkn bpjs kis kia kk ktp nik senin selasa rabu kamis jumat sabtu minggu januari februari maret april"
    " mei juni juli agustus september oktober november desember ramadan idulfitri idul fitri natal nusantara republik"
    " negara nasional internasional covid hiv aids tbc dbd odgj wib pmt mpasi bkb bkr bkl kb bias pin imunisasi vaksin"
    " ayah bunda ibu bapak bapak-ibu orang tua warga masyarakat petugas anak balita bayi siswa siswi pelajar murid"
    " santri remaja lansia pasien penderita korban pelaku keluarga seluruh para semua setiap sebanyak total jumlah"
    " namun selain setelah sebelum dalam dari dengan untuk pada oleh kepada karena jika bila agar saat ketika sementara"
    " sedangkan kini ini itu ia dia mereka kami kita saya beliau ada tidak belum sudah telah akan bisa dapat harus"
    " bantuan kegiatan pelatihan sosialisasi penyuluhan pencegahan penanganan pelayanan layanan data hasil daftar"
    " laporan materi acara upacara apel rapat surat nomor no nama alamat jenis status keterangan usia umur kondisi"
    " kakek nenek mbah suami istri adik kakak paman bibi tetangga teman kerabat ibunya ayahnya istrinya suaminya"
    " anaknya gizi stunting kanker jantung stroke diabetes hipertensi katarak ginjal kusta operasi donor darah unit"
    " pusat satu dua tiga empat lima enam tujuh delapan sembilan sepuluh pertama kedua ketiga ke se sehat sejahtera"
    " ramah layak peduli bersih cerdas hebat inklusi dharma wanita aisyiyah fatayat muslimat nu muhammadiyah"
    " forum paguyuban komunitas sanggar band grup regu kontingen tuan kampanye duta kafilah pemkot yth assalamualaikum"
    " saksi tersangka terdakwa terlapor polisi penyidik siapa sebagian banyak beberapa lima masing hampir salah kasus"
    " penyakit penderitanya gejala kejadian peristiwa kecelakaan kebakaran banjir longsor jenis tiap begitu sesuai atas"
    " tujuan tema peserta peringatan penyerahan penyaluran pemberian pendataan pemeriksaan kunjungan kerja vaksinasi"
    " penyandang difabel disabilitas santunan perawatan pengobatan pasangan rehabilitasi pelaksanaan pengelola penduduk"
    " kepedulian cegah waspada ayo mari yuk jangan tips cara apa mengapa bagaimana berikut inilah demikian adapun"
    " skrining deteksi cek seorang angka prevalensi persentase target capaian cakupan tingkat tren grafik"
    " selamat terima terimakasih mohon tolong info informasi pengumuman jadwal alhamdulillah innalillahi telepon wa hp"
    " kiai kyai haji ustaz ustadz pak bu mas mbak sdr sdri sdn ny tn"
)
