"""The unit codes of UN/ECE Recommendation 20 that sensors and trade use, by what they measure. Pure data.

``family: BASE CODE=factor …`` with base value = value × factor. Factors are exact: written as Recommendation 20,
the SI brochure (9th edition) and the international yard and pound (1959) define them. ``π`` stands for the 180/π
degrees of a radian, the one factor that cannot be written exactly. Codes withdrawn from later revisions are kept,
because old sensors still speak them. Codes of packages (Recommendation 21) measure nothing and are not here.
"""

from __future__ import annotations

from typing import Final

FAMILIES: Final = """
temperature: KEL CEL=1 FAH=5/9 A48=5/9
length: MTR KMT=1e3 HMT=100 JPS=100 A45=10 DMT=0.1 CMT=0.01 MMT=1e-3 4H=1e-6 C45=1e-9 C52=1e-12 A71=1e-15 A11=1e-10 MAM=1e6 INH=0.0254
  FOT=0.3048 YRD=0.9144 SMI=1609.344 NMI=1852 AK=1.8288 M50=201.168 X1=20.1168 77=2.54e-5 M7=2.54e-8 M51=1200/3937 M52=6336000/3937
  A12=149597870700 B57=9460730472580800
area: MTK CMK=1e-4 DMK=0.01 MMK=1e-6 KMK=1e6 H16=100 HAR=1e4 H18=1e4 ARE=100 DAA=1000 INK=6.4516e-4 FTK=0.09290304 YDK=0.83612736
  MIK=2589988.110336 ACR=4046.8564224
volume: MTQ LTR=1e-3 DMQ=1e-3 CMQ=1e-6 MLT=1e-6 MMQ=1e-9 4G=1e-9 Q34=1e-12 CLT=1e-5 DLT=1e-4 A44=0.01 HLT=0.1 K6=1 MAL=1e3 DMA=1e3 H19=1e6
  H20=1e9 INQ=1.6387064e-5 FTQ=0.028316846592 YDQ=0.764554857984 GLL=0.003785411784 GLI=0.00454609 GLD=0.00440488377086 PTI=0.00056826125
  PTL=0.000473176473 PTD=0.0005506104713575 QTI=0.0011365225 QTL=0.000946352946 QTD=0.001101220942715 OZA=2.95735295625e-5
  OZI=2.84130625e-5 GII=1.420653125e-4 GIA=1.1829411825e-4 BLL=0.158987294928 BUI=0.03636872 BUA=0.03523907016688 G21=2.365882365e-4
  G24=1.478676478125e-5 G25=4.92892159375e-6
mass: KGM GRM=1e-3 MGM=1e-6 MC=1e-9 CGM=1e-5 DG=1e-4 DJ=0.01 HGM=0.1 DTN=100 TNE=1e3 2U=1e3 KTN=1e6 LBR=0.45359237 ONZ=0.028349523125
  APZ=0.0311034768 LBT=0.3732417216 GRN=6.479891e-5 CTM=2e-4 STN=907.18474 LTN=1016.0469088 STI=6.35029318 CWA=45.359237 CWI=50.80234544
  DWT=0.00155517384 DRI=0.0017718451953125 DRA=0.0038879346
linear density: KL GF=1e-3 C12=1e-6 D34=1e-6 A49=1/9000000 P2=0.45359237/0.3048
surface density: 28 GM=1e-3 GO=1e-6 D5=1e4 FP=0.45359237/0.09290304 ON=0.028349523125/0.83612736
density: KMQ 23=1e3 GJ=1e3 GL=1 F23=1 A93=1e-3 M1=1e-3 GP=1e-6 H29=1e-6 GQ=1e-9 B34=1e3 B35=1e3 B72=1e3 D41=1e3 G31=1e6
  87=0.45359237/0.028316846592 LA=0.45359237/1.6387064e-5 GE=0.45359237/0.003785411784 K71=0.45359237/0.00454609
specific volume: A39 H83=1e-3 22=0.1 KX=1e-6
time: SEC C26=1e-3 B98=1e-6 C47=1e-9 H70=1e-12 B52=1e3 MIN=60 HUR=3600 DAY=86400 WEE=604800 MON=2629800 ANN=31557600 L95=31536000
frequency: HTZ KHZ=1e3 MHZ=1e6 A86=1e9 D29=1e12 C97=1 C94=1/60 H10=1/3600
speed: MTS KMH=1/3.6 HM=0.44704 KNT=1852/3600 FS=0.3048 FR=0.00508 K14=0.3048/3600 2M=0.01 C16=1e-3 M62=1e3 2X=1/60 M60=1/3600
  H49=0.01/3600 H67=1e-3/3600 H81=1e-3/60 IU=0.0254 M63=0.0254/60 M57=26.8224 M58=1609.344 M64=0.9144 M65=0.01524 M66=0.000254
acceleration: MSK A76=0.01 C11=1e-5 K40=9.80665 A73=0.3048 IV=0.0254 M38=1e3 M39=0.01 M40=0.9144 M41=1e-3
angle: DD D61=1/60 D62=1/3600 A91=0.9 M43=0.05625 M44=360 C81=π C25=π/1000 B97=π/1000000
solid angle: D27
angular velocity: E96 RPM=6 M46=6 RPS=360 2A=π
angular acceleration: M45 2B=π
force: NEW B47=1e3 B73=1e6 B92=1e-6 C20=1e-3 DU=1e-5 B37=9.80665 B51=9.80665 C78=4.4482216152605 L40=0.27801385095378125
  M76=0.138254954376 L94=8896.443230521
torque: NU B48=1e3 B74=1e6 D83=1e-3 B93=1e-6 F88=0.01 DN=0.1 B38=9.80665 M92=4.4482216152605*0.3048 F21=4.4482216152605*0.0254
linear momentum: B31 C57=1
angular momentum: B33
surface tension: 4P C22=1e-3 DX=1e-3
pressure: PAL KPA=1e3 MPA=1e6 A89=1e9 A97=100 H75=10 74=1e-3 B96=1e-6 BAR=1e5 MBR=100 KBA=1e8 B85=0.1 C55=1 E01=1e4 C56=1e6 ATM=101325
  ATT=98066.5 UA=101325/760 HN=133.322387415 HP=9.80665 H78=98.0665 F79=3386.388640341 B40=9.80665 E41=98066.5 E42=9806650
  PS=4.4482216152605/6.4516e-4 K85=4.4482216152605/0.09290304 84=4448.2216152605/6.4516e-4
dynamic viscosity: C65 C24=1e-3 89=0.1 C7=1e-3 J32=1e-7 N36=1 N37=1
kinematic viscosity: S4 91=1e-4 4C=1e-6 C17=1e-6 M81=1e-4 S3=0.09290304 G41=6.4516e-4
volume flow: MQS MQH=1/3600 G53=1/60 G52=1/86400 G51=1e-3 L2=1e-3/60 E32=1e-3/3600 LD=1e-3/86400 4X=1/3600 40=1e-6 41=1e-6/60
  G54=1e-6/86400 G55=1e-6/3600 2J=1e-6 G47=1e-6/86400 G48=1e-6/3600 G49=1e-6/60 G2=0.003785411784/60 G3=0.00454609/60
  G50=0.003785411784/3600 2K=0.028316846592/3600 2L=0.028316846592/60 K22=0.028316846592/86400
volumetric flux: P87
mass flow: KGS F31=1/60 E93=1/3600 F30=1/86400 F29=1e-3 F28=1e-3/60 F27=1e-3/3600 F26=1e-3/86400 F34=1e-6 F33=1e-6/60 4M=1e-6/3600
  F32=1e-6/86400 E18=1e3/3600 4U=0.45359237/3600 K78=0.45359237/60 K81=0.45359237 K73=0.45359237/86400
mass flow per area: H56
energy: JOU KJO=1e3 3B=1e6 GV=1e9 D30=1e12 C68=1e15 A68=1e18 C15=1e-3 WHR=3600 KWH=3.6e6 MWH=3.6e9 GWH=3.6e12 D32=3.6e15 J55=1
  BTU=1055.05585262 D70=4.1868 E14=4186.8 D35=4.184 K53=4184 A57=1e-7 85=4.4482216152605*0.3048 A53=1.602176634e-19 B29=1.602176634e-16
  B71=1.602176634e-13 A85=1.602176634e-10
power: WTT KWT=1e3 MAW=1e6 A90=1e9 D31=1e12 C31=1e-3 D80=1e-6 BHP=745.69987158227022 HJ=735.49875 A25=735.49875 K43=746
  2I=1055.05585262/3600 J44=1055.05585262/60 J45=1055.05585262 E15=4184/3600 K54=4184/60 K55=4184 A63=1e-7
apparent power: D46 KVA=1e3 MVA=1e6
reactive power: D44 KVR=1e3 MAR=1e6
electric current: AMP B22=1e3 H38=1e6 4K=1e-3 B84=1e-6 C39=1e-9 C70=1e-12
electric current density: A41 A4=1e4 A7=1e6 B23=1e3 B66=1e6
electric charge: COU B26=1e3 D77=1e6 D86=1e-3 B86=1e-6 C40=1e-9 C71=1e-12 AMH=3600 TAH=3600000 E09=3.6 A8=1 N95=60
electric field strength: D50 D47=100 D51=1e3 B55=1e3 B79=1e6 C30=1e-3 C3=1e-6
voltage: VLT KVT=1e3 B78=1e6 2Z=1e-3 D82=1e-6
resistance: OHM B49=1e3 B75=1e6 A87=1e9 H44=1e12 E45=1e-3 B94=1e-6 P22=1e-9
resistivity: C61 C60=0.01 B50=1e3 B76=1e6 A88=1e9 C23=1e-3 B95=1e-6 C46=1e-9
conductance: SIE B53=1e3 C27=1e-3 B99=1e-6 N92=1e-12 NQ=1
conductivity: D10 H43=100 H61=0.1 G42=1e-4 G43=1e-6 B54=1e3 B77=1e6
capacitance: FAR N90=1e3 C10=1e-3 4O=1e-6 C41=1e-9 4T=1e-12
inductance: 81 C14=1e-3 B90=1e-6 C43=1e-9 C73=1e-12
magnetic field strength: AE A2=100 A3=1e3 B24=1e3
magnetic flux: WEB C33=1e-3 P11=1e3
magnetic flux density: D33 C29=1e-3 D81=1e-6 C48=1e-9 P12=1e-9 P13=1e3 76=1e-4
magnetic vector potential: D59 D60=1e3 B56=1e3
luminous intensity: CDL P33=1e3 P34=1e-3
luminous flux: LUM
luminance: A24 P31=1e4 P28=1/6.4516e-4 P32=1/0.09290304
illuminance: LUX KLX=1e3 B60=1 P25=1/0.09290304 P27=1/0.09290304 P26=1e4
irradiance: D54 C32=1e-3 D85=1e-6 N48=1e4 N49=1/6.4516e-4
radiant intensity: D57
radiance: D58
radioactivity: BQL H08=1e-6 2Q=1e3 4N=1e6 GBQ=1e9 CUR=3.7e10 MCU=3.7e7 M5=3.7e4 2R=3.7e13
absorbed dose: A95 C13=1e-3 C80=0.01
absorbed dose rate: A96 P54=1e-3 P55=1e-6 P56=1e-9 P57=1/60 P58=1e-3/60 P59=1e-6/60 P60=1e-9/60 P61=1/3600 P62=1e-3/3600 P63=1e-6/3600
  P64=1e-9/3600
dose equivalent: D13 C28=1e-3 D91=0.01 L31=1e-5
dose equivalent rate: P65 P66=1e-3 P67=1e-6 P68=1e-9 P69=0.01 P70=1/3600 P71=1e-3/3600 P72=1e-6/3600 P73=1e-9/3600 P74=1/60 P75=1e-3/60
  P76=1e-6/60 P77=1e-9/60
exposure: CKG C8=1e-3 2C=2.58e-4 2Y=2.58e-7
amount of substance: C34 B45=1e3 C18=1e-3 FH=1e-6
amount concentration: C36 C35=1e3 C38=1e3 M33=1 B46=1e3
molality: C19 D87=1e-3
molar mass: D74 A94=1e-3
molar volume: A40 A37=1e-3 B58=1e-3 A36=1e-6
molar energy: B15 B44=1e3
catalytic activity: KAT
wavenumber: C92 E90=100
data: A99 AD=8 2P=8e3 4L=8e6 E34=8e9 E35=8e12 E36=8e15 C37=1e3 D36=1e6 B68=1e9 E83=1e12 E78=1e15 E64=8192 E63=8388608 E62=8589934592
  E61=8796093022208 C21=1024 D11=1048576 B30=1073741824
data rate: B10 C74=1e3 E20=1e6 B80=1e9 P93=8 P94=8e3 P95=8e6
level: 2N M72=10
acidity: Q30
ratio: P1=0.01 NX=1e-3 59=1e-6 61=1e-9 M29=1 GK=1e-3 NA=1e-6 J33=1e-9 H60=1 K62=1 L19=1e-3 H65=1e-6 J36=1e-6 J87=1e-6
count: C62 H87=1 EA=1 NAR=1 NPT=1 PR=2 NPR=2 DZN=12 DPC=12 SCO=20 CEN=100 GRO=144 GGR=1728 MIL=1000 T3=1000
"""

OFFSETS: Final = {"CEL": "273.15", "FAH": "45967/180"}
"""Base value = value × factor + offset: a family whose scales do not begin at one zero."""

MEASURES: Final = {
    "AbsoluteHumidity": "density",
    "AbsorbedDose": "absorbed dose",
    "AbsorbedDoseRate": "absorbed dose rate",
    "Acceleration": "acceleration",
    "Altitude": "length",
    "AmountOfSubstance": "amount of substance",
    "AmountOfSubstancePerUnitVolume": "amount concentration",
    "Angle": "angle",
    "AngularAcceleration": "angular acceleration",
    "AngularMomentum": "angular momentum",
    "AngularVelocity": "angular velocity",
    "Area": "area",
    "Capacitance": "capacitance",
    "Conductance": "conductance",
    "Conductivity": "conductivity",
    "Count": "count",
    "Density": "density",
    "Dimensionless": "ratio",
    "DoseEquivalent": "dose equivalent",
    "DoseEquivalentRate": "dose equivalent rate",
    "DynamicViscosity": "dynamic viscosity",
    "ElectricCharge": "electric charge",
    "ElectricCurrent": "electric current",
    "ElectricCurrentDensity": "electric current density",
    "ElectricFieldStrength": "electric field strength",
    "Energy": "energy",
    "Exposure": "exposure",
    "Force": "force",
    "Frequency": "frequency",
    "Illuminance": "illuminance",
    "Inductance": "inductance",
    "Irradiance": "irradiance",
    "KinematicViscosity": "kinematic viscosity",
    "Length": "length",
    "LinearMomentum": "linear momentum",
    "Luminance": "luminance",
    "LuminousFlux": "luminous flux",
    "LuminousIntensity": "luminous intensity",
    "MagneticFlux": "magnetic flux",
    "MagneticFluxDensity": "magnetic flux density",
    "MagneticVectorPotential": "magnetic vector potential",
    "Mass": "mass",
    "MassConcentration": "density",
    "MassFlowRate": "mass flow",
    "MassPerAreaTime": "mass flow per area",
    "MemoryCapacity": "data",
    "MolalityOfSolute": "molality",
    "MolarEnergy": "molar energy",
    "MolarMass": "molar mass",
    "MolarVolume": "molar volume",
    "Power": "power",
    "Pressure": "pressure",
    "RadiantFlux": "power",
    "RadiantIntensity": "radiant intensity",
    "Radioactivity": "radioactivity",
    "RelativeHumidity": "ratio",
    "Resistance": "resistance",
    "Resistivity": "resistivity",
    "SolidAngle": "solid angle",
    "SpecificVolume": "specific volume",
    "Speed": "speed",
    "SurfaceDensity": "surface density",
    "SurfaceTension": "surface tension",
    "Temperature": "temperature",
    "Time": "time",
    "Torque": "torque",
    "Voltage": "voltage",
    "Volume": "volume",
    "VolumeFlowRate": "volume flow",
    "VolumeFraction": "ratio",
    "VolumetricFlux": "volumetric flux",
    "Wavenumber": "wavenumber",
}
"""Measurement type of the GS1 Web Vocabulary (``type`` of a sensor report) → the family its units are of."""
